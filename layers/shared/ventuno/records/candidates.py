"""The records a planned way leads to, in the order of every listing or backward, read page by page."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ventuno import errors
from ventuno.records import layout
from ventuno.records.planner import ById, ByIndex, ByRange, ByUnique, Listing
from ventuno.records.store import RowQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.records.budget import Meter
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.planner import FindPlan, Way
    from ventuno.records.store import Row, RowKey, RowPage

T = TypeVar("T")

BATCH = 100  # rows of one read by key


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a find wants of its candidates.

    `first` is how many of them surely, None when unknown; `columns` which parts of listed ones, None for all;
    `every` tells that the last one will be read too, so reading ahead wastes nothing.
    """

    first: int | None = None
    columns: tuple[str, ...] | None = None
    every: bool = False


class Candidates:
    """Reads the candidates of one find; when the budget ends the walk, `stopped` says why.

    `last` is then the candidate behind which the walk can go on.
    """

    def __init__(self, meter: Meter, kind: ObjectType, plan: FindPlan, wanted: Wanted) -> None:
        self._meter = meter
        self._kind = kind
        self._plan = plan
        self.wanted = wanted
        self.stopped: errors.QueryBudgetError | None = None
        self.last: JsonObject | None = None

    def walk(self, position: str | None = None, *, backward: bool = False) -> Iterator[JsonObject]:
        """Walk over the candidates behind a position; deleted ones only if the plan has them."""
        try:
            for record in self._all(self._plan.way, position, backward=backward):
                if self._plan.with_deleted or record["deletedAt"] is None:
                    self.last = record
                    yield record
        except errors.QueryBudgetError as stopped:
            self.stopped = stopped

    def count(self) -> int:
        """Count all candidates of a way that has partitions, deleted ones too if the plan has them.

        Raises: QueryBudgetError, StoreUnavailableError
        """
        total = 0
        way = self._plan.way
        listed = self._queries(way, None, backward=False)
        queries = [
            replace(query, limit=None, columns=None)
            for query in (_spans(way) if isinstance(way, ByRange) else listed)
        ]
        while queries:
            asked = [(query, self._meter.ask_count(query)) for query in queries]
            counts = [(query, answer()) for query, answer in asked]
            total += sum(count.rows for _, count in counts)
            queries = [replace(query, after=count.after) for query, count in counts if count.after]
        return total

    def _all(self, way: Way, position: str | None, *, backward: bool) -> Iterator[JsonObject]:
        if isinstance(way, Listing):
            return (self._listed(row) for row in self._merged(way, position, backward=backward))
        if isinstance(way, ByIndex):
            return self._behind(self._merged(way, position, backward=backward))
        if isinstance(way, ByRange):
            return self._in_range(way, position, backward=backward)
        keys = way.keys if isinstance(way, ById) else self._owners(way)
        records = sorted(self._read(keys), key=layout.list_position, reverse=backward)
        return (record for record in records if _follows(record, position, backward=backward))

    def _merged(self, way: Way, position: str | None, *, backward: bool) -> Iterator[Row]:
        """Merge the partitions; their first pages are asked for all at once."""
        sort = "listSk" if isinstance(way, Listing) else "SK"
        queries = list(self._queries(way, position, backward=backward))
        if len(queries) == 1:
            return self._pages(queries[0])
        walks = [self._pages_ahead(query, self._meter.ask_rows(query)) for query in queries]
        return heapq.merge(*walks, key=lambda row: str(row[sort]), reverse=backward)

    def _queries(self, way: Way, position: str | None, *, backward: bool) -> Iterator[RowQuery]:
        low, high = self._plan.created_between
        if backward:
            after, until = min((bound for bound in (high, position) if bound), default=None), low
        else:
            after, until = max((bound for bound in (low, position) if bound), default=None), high
        listed = isinstance(way, Listing)
        columns = self.wanted.columns if listed else None
        for name in _partitions(way):
            yield RowQuery(name, listed, after, until, self.wanted.first, backward, columns)

    def _pages(self, query: RowQuery) -> Iterator[Row]:
        while True:
            page = self._meter.query_rows(query)
            yield from page.rows
            if page.after is None:
                return
            query = replace(query, after=page.after)

    def _pages_ahead(self, query: RowQuery, answer: Callable[[], RowPage]) -> Iterator[Row]:
        """Read pages, the next one meanwhile; whoever needs a second page is likely to need a third."""
        ahead = self.wanted.every
        while True:
            page = answer()
            following = None if page.after is None else replace(query, after=page.after)
            if following and ahead:
                answer = self._meter.ask_rows(following)
            yield from page.rows
            if following is None:
                return
            if not ahead:
                answer, ahead = self._meter.ask_rows(following), True

    def _behind(self, index_rows: Iterable[Row]) -> Iterator[JsonObject]:
        keys = (layout.record_key(self._kind, str(row["recordId"])) for row in index_rows)
        for chunk in chunks(keys, min(self.wanted.first or BATCH, BATCH)):
            yield from self._read(chunk)

    def _in_range(self, way: ByRange, position: str | None, *, backward: bool) -> Iterator[JsonObject]:
        """Read the owners of all rows of a range, once each; rows are in the order of values, not places."""
        rows = (row for query in _spans(way) for row in self._pages(query))
        places = {layout.position_behind(row): str(row["recordId"]) for row in rows}
        behind = (
            place
            for place in sorted(places, reverse=backward)
            if position is None or (place < position if backward else place > position)
        )
        keys = (layout.record_key(self._kind, places[place]) for place in behind)
        for chunk in chunks(keys, min(self.wanted.first or BATCH, BATCH)):
            yield from self._read(chunk)

    def _owners(self, way: ByUnique) -> list[RowKey]:
        found = self._meter.get_rows(way.keys)
        owners = dict.fromkeys(str(row["recordId"]) for row in found.values())
        return [layout.record_key(self._kind, owner) for owner in owners]

    def _read(self, keys: Sequence[RowKey]) -> Iterator[JsonObject]:
        rows = self._meter.get_rows(keys) if keys else {}
        return (layout.from_fields(self._kind, rows[key]) for key in keys if key in rows)

    def _listed(self, row: Row) -> JsonObject:
        columns = self.wanted.columns
        if columns is None:
            return layout.from_fields(self._kind, row)
        return layout.from_columns(self._kind, row, columns)


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


def _spans(way: ByRange) -> Iterator[RowQuery]:
    for after, until in way.spans:
        yield RowQuery(way.partition, after=after, until=until)
