"""BOOLEAN: true or false, and nothing that only looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class BooleanType(FieldType):
    """A truth value; "true" and 1 are refused."""

    wire_name: ClassVar[str] = "BOOLEAN"

    def normalise(self, value: JsonValue) -> JsonValue:
        """Keep it.

        Raises: FieldValueError
        """
        if not isinstance(value, bool):
            raise expected("true or false", value)
        return value

    def comparable(self, value: JsonValue) -> JsonValue:
        """Read the words true and false, as addresses bring them."""
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value

    def key_text(self, value: JsonValue) -> str | None:
        """Write it as JSON does."""
        return None if value is None else str(value).lower()
