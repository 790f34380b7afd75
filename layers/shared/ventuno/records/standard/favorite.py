"""favorite: a record that a member keeps at hand."""

from ventuno.records.fields.relation import RelationType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type
from ventuno.records.standard.morphs import morph_fields

FAVORITE = object_type(
    "favorite",
    "favorites",
    (
        Field("forWorkspaceMember", RelationType("workspaceMember", "favorites")),
        *morph_fields("target", "favorites"),
    ),
)
