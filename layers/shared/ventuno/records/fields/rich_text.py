"""RICH_TEXT: one text in two spellings, the editor's blocks and markdown; neither is made from the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.text import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.fields.base import FieldType


class RichTextType(CompositeType):
    """blocknote (JSON text of the editor) and markdown."""

    wire_name: ClassVar[str] = "RICH_TEXT"
    indexable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]] = {"blocknote": TextType(), "markdown": TextType()}
