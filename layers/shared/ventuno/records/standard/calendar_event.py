"""calendarEvent: a meeting; automations read it, the API writes it."""

from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.links import LinksType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

CALENDAR_EVENT = object_type(
    "calendarEvent",
    "calendarEvents",
    (
        Field("title", TextType()),
        Field("description", TextType()),
        Field("startsAt", DateTimeType(), indexed=True),
        Field("endsAt", DateTimeType()),
        Field("isFullDay", BooleanType()),
        Field("isCanceled", BooleanType()),
        Field("location", TextType()),
        Field("conferenceLink", LinksType()),
        Field("iCalUid", TextType(), indexed=True),
    ),
    automation=False,
    search=("title",),
)
