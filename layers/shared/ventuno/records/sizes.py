"""The size of a row as DynamoDB counts it, so that too large a record is refused before it is sent.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

ROW_LIMIT = 400 * 1024  # bytes
TRANSACTION_LIMIT = 4 * 1024 * 1024  # bytes
TRANSACTION_ROWS = 100

_NUMBER = 21  # bytes at most: one for two digits, and one
_CONTAINER = 3  # bytes of a list or a map, and one more for each of its elements


def value_bytes(value: JsonValue) -> int:
    """Return the size of an attribute value, for numbers the largest it can have."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, int | float):
        return _NUMBER
    if isinstance(value, dict):
        return _CONTAINER + sum(1 + value_bytes(name) + value_bytes(part) for name, part in value.items())
    return _CONTAINER + sum(1 + value_bytes(item) for item in value)
