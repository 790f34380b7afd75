"""RecordWriter: brings one planned write into the store, once, however often it is tried."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout
from ventuno.records.outcome import key_row, raise_taken, remembered
from ventuno.records.store import RowConflictError
from ventuno.records.writes import Write, plan, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ventuno.json_value import JsonObject
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import RecordStore, Row, RowChange, RowKey

# Two hundred writers of one record, each with two round trips of 10 ms, are all served within these.
ATTEMPTS = 20
_FIRST_PAUSE = 0.02  # seconds; doubled by every attempt, and a random part of it is waited
_LONGEST_PAUSE = 1.0  # seconds


class RecordWriter:
    """Reads rows for a write, commits it, and tries again when somebody else was faster."""

    def __init__(self, store: RecordStore, pause: Callable[[float], None]) -> None:
        self._store = store
        self._pause = pause

    def until_settled(self, attempt: Callable[[], JsonObject]) -> JsonObject:
        """Call `attempt` until no conflict stops it.

        Raises: StoreUnavailableError
        """
        for tried in range(ATTEMPTS):
            try:
                return attempt()
            except RowConflictError:
                self._pause(_random_part(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**tried)))
        raise errors.StoreUnavailableError(
            f"The record was written by others during all {ATTEMPTS} attempts: try again later"
        )

    def read(self, write: Write, keys: Iterable[RowKey]) -> tuple[Mapping[RowKey, Row], JsonObject | None]:
        """Read rows in one request, and the result that the write has already if it happened before."""
        remembering = key_row(write)
        wanted = [*keys, remembering] if remembering else list(keys)
        rows = self._store.get_rows(wanted)
        row = rows.get(remembering) if remembering else None
        return rows, remembered(write, row) if row else None

    def commit(self, write: Write, before: StoredRecord | None, after: JsonObject | None) -> JsonObject:
        """Store a write and return its result, or the result it had when it happened before.

        Raises: RowConflictError
        """
        result = after if after is not None or before is None else before.record
        return self.commit_changes(write, plan(write, before, after), result or {})

    def keep(self, write: Write, record: JsonObject) -> JsonObject:
        """Make the key of a write final that changed nothing; without a key nothing is stored."""
        changes = remember(write, record)
        return self.commit_changes(write, changes, record) if changes else record

    def revise(self, write: Write, before: StoredRecord, after: JsonObject | None) -> JsonObject:
        """Commit a change of a record, or keep what is there when `after` is None.

        Raises: RecordConflictError when a unique value is taken, RowConflictError when the version is old
        """
        if after is None:
            return self.keep(write, before.record)
        try:
            return self.commit(write, before, after)
        except RowConflictError as conflict:
            if layout.record_key(write.kind, str(after["id"])) not in conflict.refused:
                raise_taken(write.kind, after, conflict)
            raise

    def commit_changes(self, write: Write, changes: tuple[RowChange, ...], result: JsonObject) -> JsonObject:
        """Store what a write was planned to be; otherwise as `commit`.

        Raises: RowConflictError
        """
        try:
            self._store.write(changes)
        except RowConflictError as conflict:
            remembering = key_row(write)
            row = conflict.refused.get(remembering) if remembering else None
            if row is None:
                raise
            return remembered(write, row)
        return result


def _random_part(seconds: float) -> float:
    return seconds * secrets.randbelow(1000) / 1000
