"""TEXT: any text; the empty text is no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class TextType(FieldType):
    """Text of any length that the record has room for."""

    wire_name: ClassVar[str] = "TEXT"
    appendable: ClassVar[bool] = True
    textual: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Keep text as written.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        return value or None

    def appended(self, before: JsonValue, added: JsonValue) -> JsonValue:
        """Begin a new line."""
        return f"{before}\n{added}"
