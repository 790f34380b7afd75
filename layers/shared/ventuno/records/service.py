"""RecordService: the one way to read and write CRM records, for actions, REST and the command line alike.

A write with a key happens once: the key's row is stored in the same transaction as the record.
A write is based on the version it read; when somebody else was faster, it reads again and tries again.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout, revision
from ventuno.records.fields.uuid import is_uuid
from ventuno.records.finding import Finder
from ventuno.records.input import normalised
from ventuno.records.outcome import raise_taken
from ventuno.records.query import DEFAULT_LIMIT, Query
from ventuno.records.store import RowConflictError
from ventuno.records.upserting import candidate_keys, matched_id
from ventuno.records.writer import RecordWriter
from ventuno.records.writes import Write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.ports import Clock
    from ventuno.records.context import WriteContext
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.query import Found
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import RecordStore, Row, RowKey

# The name space of the ids of records whose creation has a key: one key, one id.
_IDS_BY_KEY = uuid.UUID("5a3f0c9e-8f0b-4c8e-9d53-2f1a7b6e4d10")


class RecordService:
    """Records by object name and id; deleted records are there only for upserts and unique values."""

    def __init__(
        self,
        objects: ObjectModel,
        store: RecordStore,
        clock: Clock,
        new_id: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._objects = objects
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._writer = RecordWriter(store, pause)

    def create(self, object_name: str, values: Mapping[str, JsonValue], write: WriteContext) -> JsonObject:
        """Create a record and return it in full.

        Raises: RecordInputError, RecordConflictError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        given = normalised(kind, values)
        return self._writer.until_settled(lambda: self._create(self._write(kind, "create", write), given))

    def update(
        self,
        object_name: str,
        record_id: str,
        values: Mapping[str, JsonValue],
        write: WriteContext,
        expected_version: int | None = None,
    ) -> JsonObject:
        """Write some fields of a record and return it in full; a write that changes nothing is not stored.

        Raises: RecordInputError, RecordNotFoundError, RecordConflictError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        given = normalised(kind, values)

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            before = _live(kind, stored)
            if expected_version not in {None, before.version}:
                raise errors.RecordConflictError(
                    f"{kind.name} {record_id} is at version {before.version}, not {expected_version}: "
                    "read it again"
                )
            return self._writer.revise(
                this, before, revision.changed(kind, before.record, given, _stamp(this))
            )

        return self._change(kind, record_id, "update", write, change)

    def upsert(self, object_name: str, values: Mapping[str, JsonValue], write: WriteContext) -> JsonObject:
        """Update the record that has the id or unique values written here, deleted or not, or create one.

        Raises: RecordInputError, UpsertConflictError, RecordConflictError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        given = normalised(kind, values)
        return self._writer.until_settled(lambda: self._upsert(self._write(kind, "upsert", write), given))

    def delete(self, object_name: str, record_id: str, write: WriteContext) -> JsonObject:
        """Delete a record softly and return it with its `deletedAt`.

        Raises: RecordNotFoundError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            before = _live(kind, stored)
            return self._writer.revise(this, before, revision.deleted(before.record, _stamp(this)))

        return self._change(kind, record_id, "delete", write, change)

    def restore(self, object_name: str, record_id: str, write: WriteContext) -> JsonObject:
        """Undo a soft delete and return the record; one that is not deleted stays as it is.

        Raises: RecordNotFoundError, StoreUnavailableError
        """

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            return self._writer.revise(this, stored, revision.restored(stored.record, _stamp(this)))

        return self._change(self._objects.get(object_name), record_id, "restore", write, change)

    def destroy(self, object_name: str, record_id: str, write: WriteContext) -> JsonObject:
        """Remove a record for good, deleted before or not, and return what it was.

        Raises: RecordNotFoundError, StoreUnavailableError
        """

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            return self._writer.commit(this, stored, None)

        return self._change(self._objects.get(object_name), record_id, "destroy", write, change)

    def get(self, object_name: str, record_id: str) -> JsonObject:
        """Read a record in full.

        Raises: RecordInputError, RecordNotFoundError, StoreUnavailableError
        """
        return self.get_versioned(object_name, record_id).record

    def get_versioned(self, object_name: str, record_id: str) -> StoredRecord:
        """Read a record and the version to give `update`.

        Raises: RecordInputError, RecordNotFoundError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        key = _key(kind, record_id)
        return _live(kind, _found(kind, key, self._store.get_rows([key])))

    def find(
        self,
        object_name: str,
        condition: Condition | None = None,
        limit: int = DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Found:
        """Find live records by a condition, oldest first; a condition on `deletedAt` finds deleted ones too.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        return self.query(object_name, Query(condition, limit=limit, after=cursor))

    def query(self, object_name: str, query: Query) -> Found:
        """Find live records as `find` does, in any order and from either side; the answer tells its cost.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        return Finder(self._objects, self._store, self._objects.get(object_name), query).find()

    def _create(self, write: Write, given: JsonObject) -> JsonObject:
        key = write.context.key
        record_id = self._new_id() if key is None else str(uuid.uuid5(_IDS_BY_KEY, key))
        record = revision.created(write.kind, given, record_id, _stamp(write))
        try:
            return self._writer.commit(write, None, record)
        except RowConflictError as conflict:
            same = conflict.refused.get(layout.record_key(write.kind, record_id))
            if key is not None and same is not None:
                # The key's row has expired, but only this key makes this id: the write happened.
                return layout.from_fields(write.kind, same)
            raise_taken(write.kind, record, conflict)
            raise

    def _upsert(self, write: Write, given: JsonObject) -> JsonObject:
        rows, done = self._writer.read(write, candidate_keys(write.kind, given))
        if done is not None:
            return done
        found = matched_id(write.kind, given, rows)
        if found is None:
            record = revision.created(write.kind, given, self._new_id(), _stamp(write))
            return self._writer.commit(write, None, record)
        key = layout.record_key(write.kind, found)
        row = rows.get(key) or self._store.get_rows([key]).get(key)
        if row is None:
            raise RowConflictError({})
        before = layout.stored_record(write.kind, row)
        after = revision.changed_by_match(write.kind, before.record, given, _stamp(write))
        return self._writer.revise(write, before, after)

    def _change(
        self,
        kind: ObjectType,
        record_id: str,
        operation: str,
        context: WriteContext,
        change: Callable[[Write, StoredRecord], JsonObject],
    ) -> JsonObject:
        key = _key(kind, record_id)

        def attempt() -> JsonObject:
            write = self._write(kind, operation, context)
            rows, done = self._writer.read(write, [key])
            return change(write, _found(kind, key, rows)) if done is None else done

        return self._writer.until_settled(attempt)

    def _write(self, kind: ObjectType, operation: str, context: WriteContext) -> Write:
        return Write(kind, operation, context, self._clock.now())


def _stamp(write: Write) -> revision.Stamp:
    return revision.Stamp(write.context.actor, write.now)


def _key(kind: ObjectType, record_id: str) -> RowKey:
    # What is no UUID is no record's id; asking the store could exceed the length of its keys.
    if not is_uuid(record_id.lower()):
        raise errors.RecordNotFoundError(f"There is no {kind.name} with id {record_id[:100]}")
    return layout.record_key(kind, record_id.lower())


def _found(kind: ObjectType, key: RowKey, rows: Mapping[RowKey, Row]) -> StoredRecord:
    if key not in rows:
        raise errors.RecordNotFoundError(f"There is no {kind.name} with id {key.pk.rpartition('#')[2]}")
    return layout.stored_record(kind, rows[key])


def _live(kind: ObjectType, stored: StoredRecord) -> StoredRecord:
    if stored.record["deletedAt"] is not None:
        raise errors.RecordNotFoundError(f"The {kind.name} with id {stored.record['id']} is deleted")
    return stored
