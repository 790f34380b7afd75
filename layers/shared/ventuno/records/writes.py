"""The transaction of one write, planned without a store: rows to put and delete, each with its condition.

The base row's version guards everything: whoever changes a record must have read its latest version,
so the unique and index rows that belonged to that version are known and need no conditions of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import sizes
from ventuno.records.layout import base_row, derived_rows, record_key, write_row
from ventuno.records.revision import StoredRecord
from ventuno.records.store import Absent, Holds, RowChange, RowDelete, RowPut

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.json_value import JsonObject
    from ventuno.records.context import WriteContext
    from ventuno.records.model.object_type import ObjectType

KEY_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Write:
    """One write of one object: what is done, by whom, when."""

    kind: ObjectType
    operation: str
    context: WriteContext
    now: datetime


def plan(write: Write, before: StoredRecord | None, after: JsonObject | None) -> tuple[RowChange, ...]:
    """Plan the transaction that turns `before` into `after`; None stands for no record at all.

    Raises: RecordInputError when a row or the transaction would be larger than the store takes
    """
    changes = (
        _base_change(write, before, after),
        *remember(write, after if after is not None else _gone(before)),
        *_derived_changes(write.kind, before.record if before else None, after),
    )
    _check_limits(write.kind, changes)
    return changes


def remember(write: Write, result: JsonObject) -> tuple[RowChange, ...]:
    """Plan the row that makes the write's key final; none without a key."""
    key = write.context.key
    if key is None:
        return ()
    expires_at = int((write.now + KEY_LIFETIME).timestamp())
    return (RowPut(write_row(write.kind, key, write.operation, result, expires_at), Absent()),)


def _base_change(write: Write, before: StoredRecord | None, after: JsonObject | None) -> RowChange:
    condition = Holds("ver", before.version) if before else Absent()
    if after is None:
        return RowDelete(record_key(write.kind, str(_gone(before)["id"])), condition)
    stored = StoredRecord(after, before.version + 1, before.unknown) if before else StoredRecord(after, 1)
    return RowPut(base_row(write.kind, stored, write.context.causation), condition)


def _gone(before: StoredRecord | None) -> JsonObject:
    if before is None:
        raise ValueError("a write needs a record before or after it")
    return before.record


def _derived_changes(
    kind: ObjectType, before: JsonObject | None, after: JsonObject | None
) -> list[RowChange]:
    old, new = derived_rows(kind, before), derived_rows(kind, after)
    puts = [
        RowPut(row, Absent() if row["kind"] == "unique" else None)
        for key, row in new.items()
        if key not in old
    ]
    return [*puts, *(RowDelete(key) for key in old if key not in new)]


def _check_limits(kind: ObjectType, changes: tuple[RowChange, ...]) -> None:
    row_sizes = [sizes.value_bytes(change.row) for change in changes if isinstance(change, RowPut)]
    if max(row_sizes, default=0) > sizes.ROW_LIMIT:
        raise errors.RecordInputError(
            f"The record is too large: this {kind.name} would take {max(row_sizes):,} bytes, "
            f"and {sizes.ROW_LIMIT:,} are allowed; shorten its longest fields"
        )
    if len(changes) > sizes.TRANSACTION_ROWS or sum(row_sizes) > sizes.TRANSACTION_LIMIT:
        raise errors.RecordInputError(
            f"The write of {kind.name} would change {len(changes)} rows of at most {sizes.TRANSACTION_ROWS}: "
            "write fewer unique and indexed fields"
        )
