"""FULL_NAME: a person's first and last name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.text import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.fields.base import FieldType


class FullNameType(CompositeType):
    """firstName and lastName, as written."""

    wire_name: ClassVar[str] = "FULL_NAME"
    sort_parts: ClassVar[tuple[str, ...]] = ("firstName", "lastName")
    indexable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]] = {"firstName": TextType(), "lastName": TextType()}
