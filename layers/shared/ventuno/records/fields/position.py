"""POSITION: a record's place in lists; "first" and "last" are placed by the time of the write.

The reference takes the smallest position minus one, for which every create would contend for one row.
Here "first" is minus the milliseconds since 1970: smaller than all that were placed so before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.number import NumberType

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.json_value import JsonValue

FIRST = "first"
LAST = "last"


class PositionType(NumberType):
    """A number, "first" or "last"."""

    wire_name: ClassVar[str] = "POSITION"

    def normalise(self, value: JsonValue) -> JsonValue:
        """Leave the words for `placed`.

        Raises: FieldValueError
        """
        return value if isinstance(value, str) and value in {FIRST, LAST} else super().normalise(value)


def placed(position: JsonValue, now: datetime) -> JsonValue:
    """Turn "first" and "last" into numbers."""
    milliseconds = int(now.timestamp() * 1000)
    return (
        {FIRST: -milliseconds, LAST: milliseconds}.get(position, position)
        if isinstance(position, str)
        else position
    )
