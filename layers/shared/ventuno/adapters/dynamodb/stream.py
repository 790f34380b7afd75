"""DynamoDB stream records of the records table, read as writes of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.adapters.dynamodb.numbers import from_item
from ventuno.records.events import StreamedWrite

if TYPE_CHECKING:
    from ventuno.records.store import Row


def write_from(record: dict[str, Any]) -> StreamedWrite:
    """Read one record of a stream with both images; it must be of a base row.

    Event:  {eventID, dynamodb: {OldImage?, NewImage?, …}, …}
    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    change = record["dynamodb"]
    return StreamedWrite(record["eventID"], _row(change.get("OldImage")), _row(change.get("NewImage")))


def _row(image: dict[str, Any] | None) -> Row | None:
    return from_item(image) if image else None
