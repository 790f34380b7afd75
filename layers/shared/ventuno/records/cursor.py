"""The cursor of a find: a record's place in an order, and the count that the first page made.

A place is the values the order goes by and the id, so it stays where it is when records come and go.
The count travels along, so that only the first page pays for it and all pages show the same.

Source: reference §10.6
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.records.fields.uuid import is_uuid

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order called `order`; the natural order has no name and one value, `createdAt`."""

    order: str
    values: tuple[JsonValue, ...]
    id: str
    total_count: int | None = None

    def to_text(self) -> str:
        """Write the cursor as text that is safe in an address."""
        told = {"order": self.order, "values": self.values, "id": self.id, "total": self.total_count}
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def read_cursor(text: str, order: str) -> Cursor:
    """Read what `to_text` wrote for the same order.

    Raises: RecordInputError
    """
    try:
        told: Any = json.loads(base64.urlsafe_b64decode(text.encode()))
        cursor = Cursor(str(told["order"]), tuple(told["values"]), told["id"], told["total"])
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise refused("is none that a find returned: leave it out to begin at the first page") from exc
    if not is_uuid(str(cursor.id)) or not (cursor.total_count is None or _is_count(cursor.total_count)):
        raise refused("is none that a find returned: leave it out to begin at the first page")
    if cursor.order != order:
        raise refused(f"belongs to the order {cursor.order or 'of creation'}: give the same order_by with it")
    return cursor


def refused(reason: str) -> errors.RecordInputError:
    """Make the error for a cursor that cannot be used."""
    return errors.RecordInputError(f"The cursor {reason}", field="cursor")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
