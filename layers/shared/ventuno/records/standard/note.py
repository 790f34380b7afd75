"""note: a text that members keep about other records."""

from ventuno.records.fields.rich_text import RichTextType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

NOTE = object_type(
    "note",
    "notes",
    (Field("title", TextType()), Field("bodyV2", RichTextType())),
    search=("title",),
)
