"""RecordService: the one way to read and write CRM records, for actions, REST and the command line alike.

A write with a key happens once: the key's row is stored in the same transaction as the record.
A write is based on the version it read; when somebody else was faster, it reads again and tries again.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout, revision
from ventuno.records.batch import BatchWriter, normalised_all, planned_create, refuse_missing_all, write_of
from ventuno.records.input import normalised
from ventuno.records.lookup import found, key_of_record, live
from ventuno.records.merging import check_merge, plan_merge, pointers_to_move
from ventuno.records.modes import under_modes
from ventuno.records.outcome import raise_taken
from ventuno.records.pointing import clear_pointers
from ventuno.records.reading import RecordReading
from ventuno.records.store import RowConflictError
from ventuno.records.targets import refuse_missing, targets_of
from ventuno.records.upserting import candidate_keys, matched_id
from ventuno.records.writer import RecordWriter
from ventuno.records.writes import Write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.ports import Clock
    from ventuno.records.batch import Planned
    from ventuno.records.context import WriteContext
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.modes import WriteMode
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import RecordStore

# The name space of the ids of records whose creation has a key: one key, one id.
_IDS_BY_KEY = uuid.UUID("5a3f0c9e-8f0b-4c8e-9d53-2f1a7b6e4d10")


class RecordService(RecordReading):
    """Records by object name and id; deleted records are there only for upserts and unique values."""

    def __init__(
        self,
        objects: ObjectModel,
        store: RecordStore,
        clock: Clock,
        new_id: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(objects, store)
        self._clock = clock
        self._new_id = new_id
        self._writer = RecordWriter(store, pause)

    def create(self, object_name: str, values: Mapping[str, JsonValue], write: WriteContext) -> JsonObject:
        """Create a record and return it in full.

        Raises: RecordInputError, RecordConflictError, StoreUnavailableError
        """
        kind, given = self._given(object_name, values)
        return self._writer.until_settled(lambda: self._create(self._write(kind, "create", write), given))

    def create_many(
        self, object_name: str, records: Sequence[Mapping[str, JsonValue]], write: WriteContext
    ) -> list[JsonObject]:
        """Create records, several in one transaction; what is wrong is found before one of them is written.

        Raises: RecordInputError, RecordConflictError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        batch = self._write(kind, "create", write)
        planned: list[Planned] = []
        values: dict[JsonValue, JsonObject] = {}
        for index, given in enumerate(normalised_all(kind, records)):
            this = write_of(batch, index)
            record = revision.created(kind, given, self._new_record_id(this), _stamp(this))
            planned.append(planned_create(this, record))
            values[record["id"]] = {**given, "id": record["id"]}

        def alone(item: Planned) -> JsonObject:
            return self._writer.until_settled(lambda: self._create(item.write, values[item.record["id"]]))

        return BatchWriter(self._store, self._objects, alone).create(planned)

    def check_many(self, object_name: str, records: Sequence[Mapping[str, JsonValue]]) -> None:
        """Find what is wrong with records without writing them: values, and relations to nothing.

        Raises: RecordInputError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        checked = normalised_all(kind, records)
        targets = [targets_of(self._objects, kind, given) for given in checked]
        keys = {key for some in targets for key in some.values()}
        refuse_missing_all(kind, targets, self._store.get_rows(list(keys)) if keys else {})

    def update(
        self,
        object_name: str,
        record_id: str,
        values: Mapping[str, JsonValue],
        write: WriteContext,
        expected_version: int | None = None,
        modes: Mapping[str, WriteMode] = MappingProxyType({}),
    ) -> JsonObject:
        """Write fields of a record, over what is there or as `modes` say, and return it; no change, no write.

        Raises: RecordInputError, RecordNotFoundError, RecordConflictError, StoreUnavailableError
        """
        kind, given = self._given(object_name, values)

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            before = live(this.kind, stored)
            if expected_version not in {None, before.version}:
                raise errors.RecordConflictError(
                    f"{kind.name} {record_id} is at version {before.version}, not {expected_version}: "
                    "read it again"
                )
            written = under_modes(this.kind, before.record, given, modes)
            return self._writer.revise(
                this, before, revision.changed(this.kind, before.record, written, _stamp(this))
            )

        return self._change(kind, record_id, "update", write, change, given)

    def upsert(self, object_name: str, values: Mapping[str, JsonValue], write: WriteContext) -> JsonObject:
        """Update the record that has the id or unique values written here, deleted or not, or create one.

        Raises: RecordInputError, UpsertConflictError, RecordConflictError, StoreUnavailableError
        """
        kind, given = self._given(object_name, values)
        return self._writer.until_settled(lambda: self._upsert(self._write(kind, "upsert", write), given))

    def delete(self, object_name: str, record_id: str, write: WriteContext) -> JsonObject:
        """Delete a record softly and return it with its `deletedAt`.

        Raises: RecordNotFoundError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            before = live(kind, stored)
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

        What points at it points nowhere then; that happens first, so one that was cut off can be repeated.
        Raises: RecordNotFoundError, RecordConflictError when too much points at it, StoreUnavailableError
        """
        kind = self._objects.get(object_name)

        def change(this: Write, stored: StoredRecord) -> JsonObject:
            clear_pointers(self._objects, self, this, str(stored.record["id"]))
            return self._writer.commit(this, stored, None)

        return self._change(kind, record_id, "destroy", write, change)

    def merge(
        self,
        object_name: str,
        ids: Sequence[str],
        priority: int,
        write: WriteContext,
        *,
        dry_run: bool = False,
    ) -> JsonObject:
        """Merge records into the one that `priority` counts to, and return it; the others are deleted softly.

        What points at the others points at it then; that happens first, so a merge cut off can be repeated.
        Raises: RecordInputError, RecordNotFoundError, RecordConflictError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        check_merge(keys := [key_of_record(kind, record_id) for record_id in ids], priority)
        first = keys.pop(priority)

        def attempt() -> JsonObject:
            this = self._write(kind, "merge", write)
            rows, done = self._writer.read(this, [first, *keys])
            if done is not None:
                return done
            stored = [live(kind, found(kind, key, rows)) for key in (first, *keys)]
            merge = plan_merge(this, stored[0], stored[1:])
            if dry_run:
                return merge.record
            keyless = replace(write, key=None)
            for pointer in pointers_to_move(self._objects, self, kind, stored[1:]):
                moved: JsonObject = {pointer.column: merge.record["id"]}
                self.update(pointer.object_name, pointer.record_id, moved, keyless)
            return self._writer.commit_changes(this, merge.changes, merge.record)

        return self._writer.until_settled(attempt)

    def _new_record_id(self, write: Write) -> str:
        key = write.context.key
        return self._new_id() if key is None else str(uuid.uuid5(_IDS_BY_KEY, key))

    def _create(self, write: Write, given: JsonObject) -> JsonObject:
        key = write.context.key
        record_id = self._new_record_id(write)
        record = revision.created(write.kind, given, record_id, _stamp(write))
        targets = targets_of(self._objects, write.kind, given)
        rows, done = self._writer.read(write, targets.values()) if targets else ({}, None)
        if done is not None:
            return done
        refuse_missing(write.kind, targets, {*rows, layout.record_key(write.kind, str(record["id"]))})
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
        targets = targets_of(self._objects, write.kind, given)
        rows, done = self._writer.read(write, [*candidate_keys(write.kind, given), *targets.values()])
        if done is not None:
            return done
        matched = matched_id(write.kind, given, rows)
        if matched is None:
            refuse_missing(write.kind, targets, rows)
            record = revision.created(write.kind, given, self._new_id(), _stamp(write))
            return self._writer.commit(write, None, record)
        key = layout.record_key(write.kind, matched)
        row = rows.get(key) or self._store.get_rows([key]).get(key)
        if row is None:
            raise RowConflictError({})
        before = layout.stored_record(write.kind, row)
        refuse_missing(write.kind, targets, {*rows, key}, before.record)
        after = revision.changed_by_match(write.kind, before.record, given, _stamp(write))
        return self._writer.revise(write, before, after)

    def _change(
        self,
        kind: ObjectType,
        record_id: str,
        operation: str,
        context: WriteContext,
        change: Callable[[Write, StoredRecord], JsonObject],
        given: JsonObject | None = None,
    ) -> JsonObject:
        key = key_of_record(kind, record_id)
        targets = targets_of(self._objects, kind, given or {})

        def attempt() -> JsonObject:
            write = self._write(kind, operation, context)
            rows, done = self._writer.read(write, [key, *targets.values()])
            if done is not None:
                return done
            stored = found(kind, key, rows)
            refuse_missing(kind, targets, rows, stored.record)
            if stored.unknown and self._objects.reload():
                # What the model now knows may be unique or indexed, so its rows must be written too.
                newest = self._objects.get(kind.name)
                write, stored = replace(write, kind=newest), found(newest, key, rows)
            return change(write, stored)

        return self._writer.until_settled(attempt)

    def _given(self, object_name: str, values: Mapping[str, JsonValue]) -> tuple[ObjectType, JsonObject]:
        """Normalise what is written; what the object has not may have been added a moment ago."""
        kind = self._objects.get(object_name)
        try:
            return kind, normalised(kind, values)
        except errors.RecordInputError:
            if not self._objects.reload():
                raise
            kind = self._objects.get(object_name)
            return kind, normalised(kind, values)

    def _write(self, kind: ObjectType, operation: str, context: WriteContext) -> Write:
        return Write(kind, operation, context, self._clock.now())


def _stamp(write: Write) -> revision.Stamp:
    return revision.Stamp(write.context.actor, write.now)
