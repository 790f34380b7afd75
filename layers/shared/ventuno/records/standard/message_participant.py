"""messageParticipant: who wrote a message, or to whom it was sent."""

from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

MESSAGE_PARTICIPANT = object_type(
    "messageParticipant",
    "messageParticipants",
    (
        Field("role", SelectType(("FROM", "TO", "CC", "BCC", "REPLY_TO"))),
        Field("handle", TextType(), indexed=True),
        Field("displayName", TextType()),
        Field("message", RelationType("message", "messageParticipants")),
        Field("person", RelationType("person", "messageParticipants")),
        Field("workspaceMember", RelationType("workspaceMember", "messageParticipants")),
    ),
    automation=False,
)
