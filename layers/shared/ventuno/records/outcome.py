"""What a refused or repeated write means to its caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import RowConflictError, RowKey
    from ventuno.records.writes import Write


def key_row(write: Write) -> RowKey | None:
    """Return the key of the row that remembers the write, or None when the write has no key."""
    return layout.write_key(write.context.key) if write.context.key is not None else None


def remembered(write: Write, row: JsonObject) -> JsonObject:
    """Return the result of the write that first had this write's key.

    Raises: RecordConflictError when that was another kind of write, which is a mistake of the caller
    """
    if (row["object"], row["operation"]) != (write.kind.name, write.operation):
        raise errors.RecordConflictError(
            f"The key of this {write.operation} of {write.kind.name} belongs to the "
            f"{row['operation']} of {row['object']}: give every write its own key"
        )
    return layout.from_fields(write.kind, row)


def raise_taken(kind: ObjectType, record: JsonObject, conflict: RowConflictError) -> None:
    """Raise the error that names what another record has already, if that is why the write was refused.

    Raises: RecordConflictError
    """
    if layout.record_key(kind, str(record["id"])) in conflict.refused:
        raise errors.RecordConflictError(
            f"There is already a {kind.name} with id {record['id']}"
        ) from conflict
    for group in kind.unique_groups:
        key = layout.unique_key(kind, group, record)
        if key and key in conflict.refused:
            owner = (conflict.refused[key] or {}).get("recordId")
            raise errors.RecordConflictError(
                f"There is already a {kind.name} with this {group.name} (id {owner}), maybe a deleted one"
            ) from conflict
