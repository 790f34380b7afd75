"""NUMERIC: a number that may be written as text; kept as NUMBER keeps it, with a double's precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.number import NumberType

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class NumericType(NumberType):
    """A number, or the digits of one."""

    wire_name: ClassVar[str] = "NUMERIC"

    def normalise(self, value: JsonValue) -> JsonValue:
        """Read digits as a number.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            return super().normalise(value)
        try:
            return self.comparable(value) if value.strip() else None
        except FieldValueError as exc:
            raise FieldValueError("must be a number, such as 12.5") from exc
