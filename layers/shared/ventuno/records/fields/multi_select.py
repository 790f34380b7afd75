"""MULTI_SELECT: some of the field's options, each once; none of them is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class MultiSelectType(FieldType):
    """A closed choice of several; the order of the written list is kept."""

    wire_name: ClassVar[str] = "MULTI_SELECT"
    appendable: ClassVar[bool] = True
    indexable: ClassVar[bool] = False
    sortable: ClassVar[bool] = False

    options: tuple[str, ...]

    def normalise(self, value: JsonValue) -> JsonValue:
        """Drop repetitions.

        Raises: FieldValueError
        """
        if not isinstance(value, list | tuple):
            raise expected("a list of its options", value)
        if any(item not in self.options for item in value):
            raise FieldValueError(f"must be a list with elements out of {', '.join(self.options)}")
        return list(dict.fromkeys(str(item) for item in value)) or None

    def joined(self, values: Sequence[JsonValue]) -> JsonValue:
        """Keep what any of them has, once."""
        return list(dict.fromkeys(str(item) for value in values if isinstance(value, list) for item in value))
