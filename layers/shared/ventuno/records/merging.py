"""Several records of one object become one: what it holds then, and the transaction that makes it so.

The record with priority keeps its own values and takes what it lacks from the others, in their order; lists
are united. The others are deleted softly and give up the unique values that were taken: nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout, revision, sizes
from ventuno.records.model.field import Access
from ventuno.records.pointing import MOST_RELATED, pointing_at
from ventuno.records.store import RowDelete, RowPut, changed_key
from ventuno.records.writes import plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.pointing import Pointer
    from ventuno.records.reading import RecordReading
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import RowChange, RowKey
    from ventuno.records.writes import Write

MOST_RECORDS = 10

_PLACE = "position"  # a record's place in lists is its own


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge planned: the record as it becomes, and the changes of one transaction."""

    record: JsonObject
    changes: tuple[RowChange, ...]


def plan_merge(write: Write, priority: StoredRecord, others: Sequence[StoredRecord]) -> Merge:
    """Plan the merge of records into the first.

    Raises: RecordInputError when one transaction cannot hold it
    """
    kind, stamp = write.kind, revision.Stamp(write.context.actor, write.now)
    values = joined_values(kind, [priority.record, *(other.record for other in others)])
    after = revision.changed(kind, priority.record, values, stamp) or priority.record
    taken = _unique_keys(kind, after)
    keyless = replace(write, context=replace(write.context, key=None))
    changes = [*plan(write, priority, after)]
    for other in others:
        left = _without(kind, other.record, taken)
        changes += plan(keyless, other, revision.deleted(left, stamp))
    handed = _handed_over(changes)
    if len(handed) > sizes.TRANSACTION_ROWS:
        raise errors.RecordInputError(
            f"This merge of {kind.name} would change {len(handed)} rows of at most {sizes.TRANSACTION_ROWS}: "
            "merge fewer records at once",
            field="ids",
        )
    return Merge(after, handed)


def joined_values(kind: ObjectType, records: Sequence[JsonObject]) -> JsonObject:
    """Return the values of the columns that people write, as they are after the merge."""
    joined: JsonObject = {}
    for field in kind.fields:
        values = [record[field.column] for record in records if not _is_empty(record[field.column])]
        if values and field.access is Access.WRITABLE and field.column != _PLACE:
            joined[field.column] = field.type.joined(values)
    return joined


def check_merge(keys: Sequence[RowKey], priority: int) -> None:
    """Refuse a merge of too few or too many records, or of one with itself. Raises: RecordInputError"""
    if not 1 < len(set(keys)) == len(keys) <= MOST_RECORDS or not 0 <= priority < len(keys):
        raise errors.RecordInputError(
            f"A merge needs the ids of 2 to {MOST_RECORDS} different records, and the place of one of them",
            field="ids",
        )


def pointers_to_move(
    objects: ObjectModel, records: RecordReading, kind: ObjectType, targets: Sequence[StoredRecord]
) -> list[Pointer]:
    """List what points at the records that a merge gives up.

    Raises: RecordInputError when there are too many, QueryBudgetError, StoreUnavailableError
    """
    ids = [target.record["id"] for target in targets]
    pointers = list(islice(pointing_at(objects, records, kind.name, ids), MOST_RELATED + 1))
    if len(pointers) > MOST_RELATED:
        raise errors.RecordInputError(
            f"More than {MOST_RELATED:,} records point at those to merge, and a merge moves no more: "
            "let some of them point elsewhere first",
            field="ids",
        )
    return pointers


def _is_empty(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(part) for part in value.values())
    return value is None or value == []


def _unique_keys(kind: ObjectType, record: JsonObject) -> set[RowKey]:
    keys = (layout.unique_key(kind, group, record) for group in kind.unique_groups)
    return {key for key in keys if key is not None}


def _without(kind: ObjectType, record: JsonObject, taken: set[RowKey]) -> JsonObject:
    """Return the record without the unique values that the merged one has taken."""
    left = record
    for group in kind.unique_groups:
        if layout.unique_key(kind, group, record) in taken:
            for field in group.fields:
                part = field.type.unique_part
                cleared = field.type.merge(record[field.column], {part: None} if part else None)
                left = {**left, field.column: cleared}
    return left


def _handed_over(changes: Sequence[RowChange]) -> tuple[RowChange, ...]:
    """Make one change of the two of a unique row that passes from one record to the other.

    It needs no condition: the versions of both records are checked, and with them who has the row.
    """
    puts = {changed_key(change) for change in changes if isinstance(change, RowPut)}
    given_up = {changed_key(change) for change in changes if isinstance(change, RowDelete)}
    kept = (
        change for change in changes if not (isinstance(change, RowDelete) and changed_key(change) in puts)
    )
    return tuple(
        RowPut(change.row) if isinstance(change, RowPut) and changed_key(change) in given_up else change
        for change in kept
    )
