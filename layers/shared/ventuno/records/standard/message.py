"""message: an e-mail; automations read it, the API writes it."""

from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

MESSAGE = object_type(
    "message",
    "messages",
    (
        Field("headerMessageId", TextType(), indexed=True),
        Field("subject", TextType()),
        Field("text", TextType()),
        Field("receivedAt", DateTimeType(), indexed=True),
        Field("direction", SelectType(("INCOMING", "OUTGOING"))),
        Field("messageThread", RelationType("messageThread", "messages")),
    ),
    automation=False,
    search=("subject",),
)
