"""taskTarget: the record that a task is about."""

from ventuno.records.fields.relation import RelationType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type
from ventuno.records.standard.morphs import morph_fields

TASK_TARGET = object_type(
    "taskTarget",
    "taskTargets",
    (
        Field("task", RelationType("task", "taskTargets")),
        *morph_fields("target", "taskTargets"),
    ),
)
