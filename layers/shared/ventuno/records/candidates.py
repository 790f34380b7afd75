"""The records a planned way leads to, in the order of every listing, read page by page on demand."""

from __future__ import annotations

import heapq
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ventuno.records import layout
from ventuno.records.planner import ById, ByIndex, ByUnique, Listing
from ventuno.records.store import RowQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.planner import FindPlan, Way
    from ventuno.records.store import RecordStore, Row, RowKey

T = TypeVar("T")

BATCH = 100  # rows of one read by key


class Candidates:
    """Reads the candidates of one find; `first` is how many are surely wanted, None when unknown."""

    def __init__(self, store: RecordStore, kind: ObjectType, plan: FindPlan, first: int | None) -> None:
        self._store = store
        self._kind = kind
        self._plan = plan
        self._first = first

    def after(self, position: str | None) -> Iterator[JsonObject]:
        """Walk over the candidates behind a position; deleted ones only if the plan has them."""
        for record in self._all(self._plan.way, position):
            if self._plan.with_deleted or record["deletedAt"] is None:
                yield record

    def count(self) -> int:
        """Count all candidates of a way that has partitions, deleted ones too if the plan has them."""
        way = self._plan.way
        return sum(
            self._store.count_rows(RowQuery(partition, listed=isinstance(way, Listing)))
            for partition in _partitions(way)
        )

    def _all(self, way: Way, position: str | None) -> Iterator[JsonObject]:
        if isinstance(way, Listing):
            return (self._record(row) for row in self._merged(way.partitions, position, listed=True))
        if isinstance(way, ByIndex):
            return self._behind(self._merged(way.partitions, position, listed=False))
        keys = way.keys if isinstance(way, ById) else self._owners(way)
        records = sorted(self._read(keys), key=layout.list_position)
        return (record for record in records if position is None or layout.list_position(record) > position)

    def _merged(self, partitions: Sequence[str], position: str | None, *, listed: bool) -> Iterator[Row]:
        sort = "listSk" if listed else "SK"
        walks = (self._walk(RowQuery(name, listed, position, self._first)) for name in partitions)
        return heapq.merge(*walks, key=lambda row: str(row[sort]))

    def _walk(self, query: RowQuery) -> Iterator[Row]:
        while True:
            page = self._store.query_rows(query)
            yield from page.rows
            if page.after is None:
                return
            query = RowQuery(query.partition, query.listed, page.after, query.limit)

    def _behind(self, index_rows: Iterable[Row]) -> Iterator[JsonObject]:
        keys = (layout.record_key(self._kind, str(row["recordId"])) for row in index_rows)
        for chunk in chunks(keys, min(self._first or BATCH, BATCH)):
            yield from self._read(chunk)

    def _owners(self, way: ByUnique) -> list[RowKey]:
        found = self._store.get_rows(way.keys)
        owners = dict.fromkeys(str(row["recordId"]) for row in found.values())
        return [layout.record_key(self._kind, owner) for owner in owners]

    def _read(self, keys: Sequence[RowKey]) -> Iterator[JsonObject]:
        rows = self._store.get_rows(keys) if keys else {}
        return (self._record(rows[key]) for key in keys if key in rows)

    def _record(self, row: Row) -> JsonObject:
        return layout.from_fields(self._kind, row)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut items into lists of at most `size`, as they come."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _partitions(way: Way) -> tuple[str, ...]:
    return way.partitions if isinstance(way, ByIndex | Listing) else ()
