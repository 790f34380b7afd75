"""SELECT: one of the field's options, by its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class SelectType(FieldType):
    """A closed choice; `options` in the order people see them."""

    wire_name: ClassVar[str] = "SELECT"

    options: tuple[str, ...]

    def normalise(self, value: JsonValue) -> JsonValue:
        """Accept an option.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("one of its options", value)
        if not value:
            return None
        if value not in self.options:
            raise FieldValueError(f"must be one of {', '.join(self.options)}")
        return value
