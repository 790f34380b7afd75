"""ARRAY: a list of texts; the empty list is no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, expected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonValue


class ArrayType(FieldType):
    """Texts in the written order, repetitions kept."""

    wire_name: ClassVar[str] = "ARRAY"
    appendable: ClassVar[bool] = True
    indexable: ClassVar[bool] = False
    sortable: ClassVar[bool] = False

    def normalise(self, value: JsonValue) -> JsonValue:
        """Check every element.

        Raises: FieldValueError
        """
        if not isinstance(value, list | tuple):
            raise expected("a list of texts", value)
        for item in value:
            if not isinstance(item, str):
                raise expected("a list of texts, and one element is", item)
        return list(value) or None

    def appended(self, before: JsonValue, added: JsonValue) -> JsonValue:
        """Put the elements behind those that are there."""
        return [item for items in (before, added) if isinstance(items, list) for item in items]

    def joined(self, values: Sequence[JsonValue]) -> JsonValue:
        """Keep what any of them has, once."""
        return list(dict.fromkeys(str(item) for value in values if isinstance(value, list) for item in value))
