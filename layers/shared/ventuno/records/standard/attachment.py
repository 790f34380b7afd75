"""attachment: a file that belongs to a record."""

from ventuno.records.fields.files import FilesType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type
from ventuno.records.standard.morphs import morph_fields

ATTACHMENT = object_type(
    "attachment",
    "attachments",
    (
        Field("name", TextType()),
        Field("file", FilesType()),
        Field("fullPath", TextType()),
        Field("author", RelationType("workspaceMember", "authoredAttachments")),
        *morph_fields("target", "attachments"),
    ),
    search=("name",),
)
