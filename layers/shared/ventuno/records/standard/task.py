"""task: something a member has to do."""

from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.rich_text import RichTextType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

TASK = object_type(
    "task",
    "tasks",
    (
        Field("title", TextType()),
        Field("bodyV2", RichTextType()),
        Field("dueAt", DateTimeType(), indexed=True),
        Field("status", SelectType(("TODO", "IN_PROGRESS", "DONE")), indexed=True, default="TODO"),
        Field("assignee", RelationType("workspaceMember", "assignedTasks")),
    ),
    search=("title",),
)
