"""timelineActivity: something that happened to a record."""

from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.raw_json import RawJsonType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type
from ventuno.records.standard.morphs import morph_fields

TIMELINE_ACTIVITY = object_type(
    "timelineActivity",
    "timelineActivities",
    (
        Field("name", TextType()),
        Field("happensAt", DateTimeType()),
        Field("properties", RawJsonType()),
        Field("workspaceMember", RelationType("workspaceMember", "timelineActivities")),
        *morph_fields("target", "timelineActivities"),
    ),
)
