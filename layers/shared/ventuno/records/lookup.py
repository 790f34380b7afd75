"""Finding the stored record that a write or a read is about, or saying that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout
from ventuno.records.fields.uuid import is_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import Row, RowKey


def key_of_record(kind: ObjectType, record_id: str) -> RowKey:
    """Return the key of a record; what is no UUID is no record's id, and could exceed the length of keys.

    Raises: RecordNotFoundError
    """
    if not is_uuid(record_id.lower()):
        raise errors.RecordNotFoundError(f"There is no {kind.name} with id {record_id[:100]}")
    return layout.record_key(kind, record_id.lower())


def found(kind: ObjectType, key: RowKey, rows: Mapping[RowKey, Row]) -> StoredRecord:
    """Return the record of a key, deleted or not. Raises: RecordNotFoundError"""
    if key not in rows:
        raise errors.RecordNotFoundError(f"There is no {kind.name} with id {key.pk.rpartition('#')[2]}")
    return layout.stored_record(kind, rows[key])


def live(kind: ObjectType, stored: StoredRecord) -> StoredRecord:
    """Return a record that is not deleted. Raises: RecordNotFoundError"""
    if stored.record["deletedAt"] is not None:
        raise errors.RecordNotFoundError(f"The {kind.name} with id {stored.record['id']} is deleted")
    return stored
