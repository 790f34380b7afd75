"""DATE_TIME: an instant, kept in UTC with milliseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class DateTimeType(FieldType):
    """An instant; without an offset it is taken as UTC, without a time as midnight UTC."""

    wire_name: ClassVar[str] = "DATE_TIME"
    ordered: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Convert to UTC.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("a date and time", value)
        if not value.strip():
            return None
        try:
            return instant_text(datetime.fromisoformat(value.strip()))
        except (ValueError, OverflowError) as exc:
            raise FieldValueError("must be a date and time, such as 2026-03-18T10:30:00Z") from exc

    def comparable(self, value: JsonValue) -> JsonValue:
        """Spell an instant as stored instants are.

        Raises: FieldValueError
        """
        return self.normalise(value)


def instant_text(instant: datetime) -> str:
    """Write an instant the way records keep it: 2026-03-18T10:30:00.000Z."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    utc = aware.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
