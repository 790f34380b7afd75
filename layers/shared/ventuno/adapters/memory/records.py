"""MemoryRecordStore: the records table in memory, with the order, paging and atomicity of the real one."""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right, insort
from threading import Lock
from typing import TYPE_CHECKING

from ventuno.records.store import (
    Absent,
    RowConflictError,
    RowCount,
    RowDelete,
    RowPage,
    changed_key,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ventuno.records.store import Row, RowChange, RowCondition, RowKey, RowQuery

_Partition = tuple[bool, str]


class MemoryRecordStore:
    """Rows in a dictionary, and the sorted sort keys of every partition; `page_size` rows are one page."""

    def __init__(self, page_size: int = 1000) -> None:
        self._page_size = page_size
        self._lock = Lock()
        self._rows: dict[RowKey, Row] = {}
        self._partitions: dict[_Partition, list[tuple[str, RowKey]]] = {}

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read the rows that exist."""
        with self._lock:
            return {key: copy.deepcopy(self._rows[key]) for key in keys if key in self._rows}

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page."""
        size = min(query.limit or self._page_size, self._page_size)
        with self._lock:
            rest = self._rest(query)
            rows = tuple(copy.deepcopy(_cut_down(self._rows[key], query)) for _, key in rest[:size])
        return RowPage(rows, rest[size - 1][0] if len(rest) > size else None)

    def count_rows(self, query: RowQuery) -> RowCount:
        """Count the rows of one page."""
        size = min(query.limit or self._page_size, self._page_size)
        with self._lock:
            rest = self._rest(query)
        return RowCount(len(rest[:size]), rest[size - 1][0] if len(rest) > size else None)

    def write(self, changes: Sequence[RowChange]) -> None:
        """Apply the changes in one transaction.

        Raises: RowConflictError
        """
        with self._lock:
            refused = {
                key: self._rows.get(key)
                for key, condition in ((changed_key(change), change.condition) for change in changes)
                if condition is not None and not self._holds(key, condition)
            }
            if refused:
                raise RowConflictError(copy.deepcopy(refused))
            for change in changes:
                self._apply(change)

    def _rest(self, query: RowQuery) -> list[tuple[str, RowKey]]:
        entries = self._partitions.get((query.listed, query.partition), [])
        if query.backward:
            first = 0 if query.until is None else bisect_left(entries, query.until, key=_sort_key)
            last = len(entries) if query.after is None else bisect_left(entries, query.after, key=_sort_key)
            return entries[first:last][::-1]
        first = 0 if query.after is None else bisect_right(entries, query.after, key=_sort_key)
        last = len(entries) if query.until is None else bisect_right(entries, query.until, key=_sort_key)
        return entries[first:last]

    def _holds(self, key: RowKey, condition: RowCondition) -> bool:
        row = self._rows.get(key)
        if isinstance(condition, Absent):
            return row is None
        return row is not None and row.get(condition.attribute) == condition.value

    def _apply(self, change: RowChange) -> None:
        key = changed_key(change)
        before = self._rows.pop(key, None)
        for partition, entry in _entries(key, before):
            self._partitions[partition].remove(entry)
        if isinstance(change, RowDelete):
            return
        self._rows[key] = copy.deepcopy(change.row)
        for partition, entry in _entries(key, change.row):
            insort(self._partitions.setdefault(partition, []), entry)


def _cut_down(row: Row, query: RowQuery) -> Row:
    fields = row.get("fields")
    if query.columns is None or not isinstance(fields, dict):
        return row
    kept: Row = {column: fields[column] for column in query.columns if column in fields}
    return {"listSk": row["listSk"], **({"fields": kept} if kept else {})}


def _sort_key(entry: tuple[str, RowKey]) -> str:
    return entry[0]


def _entries(key: RowKey, row: Row | None) -> Iterator[tuple[_Partition, tuple[str, RowKey]]]:
    if row is None:
        return
    yield (False, key.pk), (key_of(row).sk, key)
    if "listPk" in row:
        yield (True, str(row["listPk"])), (str(row["listSk"]), key)
