"""noteTarget: the record that a note is about."""

from ventuno.records.fields.relation import RelationType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type
from ventuno.records.standard.morphs import morph_fields

NOTE_TARGET = object_type(
    "noteTarget",
    "noteTargets",
    (
        Field("note", RelationType("note", "noteTargets")),
        *morph_fields("target", "noteTargets"),
    ),
)
