"""messageThread: messages that answer each other."""

from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

MESSAGE_THREAD = object_type(
    "messageThread",
    "messageThreads",
    (Field("subject", TextType()),),
    automation=False,
)
