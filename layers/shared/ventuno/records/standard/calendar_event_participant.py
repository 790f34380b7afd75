"""calendarEventParticipant: who takes part in a meeting."""

from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

CALENDAR_EVENT_PARTICIPANT = object_type(
    "calendarEventParticipant",
    "calendarEventParticipants",
    (
        Field("handle", TextType(), indexed=True),
        Field("displayName", TextType()),
        Field("isOrganizer", BooleanType()),
        Field("responseStatus", SelectType(("NEEDS_ACTION", "DECLINED", "TENTATIVE", "ACCEPTED"))),
        Field("calendarEvent", RelationType("calendarEvent", "calendarEventParticipants")),
        Field("person", RelationType("person", "calendarEventParticipants")),
        Field("workspaceMember", RelationType("workspaceMember", "calendarEventParticipants")),
    ),
    automation=False,
)
