"""The records a planned way leads to, in the order of every listing or backward, read page by page."""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ventuno.records import layout
from ventuno.records.planner import ById, ByIndex, BySearch, ByUnique, Listing
from ventuno.records.store import RowQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.planner import FindPlan, Way
    from ventuno.records.store import Row, RowKey, RowReader

T = TypeVar("T")

BATCH = 100  # rows of one read by key


class Candidates:
    """Reads the candidates of one find; `first` is how many are surely wanted, None when unknown."""

    def __init__(self, store: RowReader, kind: ObjectType, plan: FindPlan, first: int | None) -> None:
        self._store = store
        self._kind = kind
        self._plan = plan
        self._first = first

    def walk(self, position: str | None = None, *, backward: bool = False) -> Iterator[JsonObject]:
        """Walk over the candidates behind a position; deleted ones only if the plan has them."""
        for record in self._all(self._plan.way, position, backward=backward):
            if self._plan.with_deleted or record["deletedAt"] is None:
                yield record

    def count(self) -> int:
        """Count all candidates of a way that has partitions, deleted ones too if the plan has them."""
        queries = self._queries(self._plan.way, None, backward=False)
        return sum(self._count(replace(query, limit=None)) for query in queries)

    def _count(self, query: RowQuery) -> int:
        rows = 0
        while True:
            page = self._store.count_rows(query)
            rows += page.rows
            if page.after is None:
                return rows
            query = replace(query, after=page.after)

    def _all(self, way: Way, position: str | None, *, backward: bool) -> Iterator[JsonObject]:
        if isinstance(way, Listing):
            return (self._record(row) for row in self._merged(way, position, backward=backward))
        if isinstance(way, ByIndex):
            return self._behind(self._merged(way, position, backward=backward))
        if isinstance(way, BySearch):
            return self._with_word(way, position, backward=backward)
        keys = way.keys if isinstance(way, ById) else self._owners(way)
        records = sorted(self._read(keys), key=layout.list_position, reverse=backward)
        return (record for record in records if _follows(record, position, backward=backward))

    def _merged(self, way: Way, position: str | None, *, backward: bool) -> Iterator[Row]:
        sort = "listSk" if isinstance(way, Listing) else "SK"
        walks = (self._pages(query) for query in self._queries(way, position, backward=backward))
        return heapq.merge(*walks, key=lambda row: str(row[sort]), reverse=backward)

    def _queries(self, way: Way, position: str | None, *, backward: bool) -> Iterator[RowQuery]:
        low, high = self._plan.created_between
        if backward:
            after, until = min((bound for bound in (high, position) if bound), default=None), low
        else:
            after, until = max((bound for bound in (low, position) if bound), default=None), high
        for name in _partitions(way):
            yield RowQuery(name, isinstance(way, Listing), after, until, self._first, backward)

    def _pages(self, query: RowQuery) -> Iterator[Row]:
        while True:
            page = self._store.query_rows(query)
            yield from page.rows
            if page.after is None:
                return
            query = replace(query, after=page.after)

    def _behind(self, index_rows: Iterable[Row]) -> Iterator[JsonObject]:
        keys = (layout.record_key(self._kind, str(row["recordId"])) for row in index_rows)
        for chunk in chunks(keys, min(self._first or BATCH, BATCH)):
            yield from self._read(chunk)

    def _with_word(self, way: BySearch, position: str | None, *, backward: bool) -> Iterator[JsonObject]:
        """Read the owners of all rows of a word, once each; rows are in the order of words, not of places."""
        after, until = layout.token_bounds(way.start)
        rows = self._pages(RowQuery(way.partition, after=after, until=until))
        places = {layout.token_position(row): str(row["recordId"]) for row in rows}
        behind = (
            place
            for place in sorted(places, reverse=backward)
            if position is None or (place < position if backward else place > position)
        )
        keys = (layout.record_key(self._kind, places[place]) for place in behind)
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


def _follows(record: JsonObject, position: str | None, *, backward: bool) -> bool:
    if position is None:
        return True
    own = layout.list_position(record)
    return own < position if backward else own > position


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut items into lists of at most `size`, as they come."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _partitions(way: Way) -> tuple[str, ...]:
    return way.partitions if isinstance(way, ByIndex | Listing) else ()
