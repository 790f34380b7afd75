"""DATE: a calendar day, kept as YYYY-MM-DD; an instant gives the day that is written in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class DateType(FieldType):
    """A day without a time zone."""

    wire_name: ClassVar[str] = "DATE"
    ordered: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Cut an instant to its day.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("a date", value)
        if not value.strip():
            return None
        try:
            return _day(value.strip()).isoformat()
        except ValueError as exc:
            raise FieldValueError("must be a date, such as 2026-03-18") from exc

    def comparable(self, value: JsonValue) -> JsonValue:
        """Spell a date as stored dates are.

        Raises: FieldValueError
        """
        return self.normalise(value)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
