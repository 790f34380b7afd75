"""Finding records: plan, read candidates in order, keep those that meet the rest of the condition.

An order that stores keep is read lazily, forward or backward, and stops with the page.
Any other order looks at every match, and only the records of the page stay in memory.
"""

from __future__ import annotations

import heapq
from itertools import islice
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout
from ventuno.records.budget import Meter
from ventuno.records.candidates import Candidates
from ventuno.records.cursor import Cursor, read_cursor, refused
from ventuno.records.matching.preparation import Preparation
from ventuno.records.matching.stream import matching
from ventuno.records.ordering import prepared_order
from ventuno.records.planner import plan_find
from ventuno.records.query import Found, Query, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.ordering import Ordering
    from ventuno.records.store import RowReader


class Finder:
    """Finds one page of the records of one object."""

    def __init__(self, objects: ObjectModel, store: RowReader, kind: ObjectType, query: Query) -> None:
        _check(query)
        self._kind = kind
        self._query = query
        self._order = prepared_order(kind, query.order)
        self._start = _start(query, self._order)
        condition = query.condition
        prepared = None if condition is None else Preparation(objects, kind).prepared(condition)
        self._plan = plan_find(kind, prepared)
        self._meter = Meter(store, query.budget, kind)
        sure = self._plan.residual is None and self._order.natural is not None
        self._candidates = Candidates(self._meter, kind, self._plan, query.limit + 1 if sure else None)
        self._objects = objects

    def find(self) -> Found:
        """Find the page.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        natural = self._order.natural
        page, total = self._sorted() if natural is None else self._walked(ascending=natural)
        more = len(page) > self._query.limit
        page = page[: self._query.limit]
        if self._query.before is not None:
            page.reverse()
        return self._found(page, total, more=more)

    def each(self) -> Iterator[JsonObject]:
        """Walk over every match, oldest first.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        return self._matches(self._candidates.walk())

    def _walked(self, *, ascending: bool) -> tuple[list[JsonObject], int]:
        """Read the page in the order of the store; what is behind it is read only to be counted."""
        position = layout.position_of(self._start.values[0], self._start.id) if self._start else None
        backward = ascending is (self._query.before is not None)
        matches = self._matches(self._candidates.walk(position, backward=backward))
        page = list(islice(matches, self._query.limit + 1))
        if self._known_total is not None:
            return page, self._known_total
        if self._start is None and len(page) <= self._query.limit:
            return page, len(page)
        if self._plan.residual is None:
            return page, self._candidates.count()
        rest = matches if self._start is None else self._matches(self._candidates.walk())
        return page, sum(1 for _ in rest) + (len(page) if self._start is None else 0)

    def _sorted(self) -> tuple[list[JsonObject], int]:
        """Look at every match and keep the page."""
        total = 0

        def counted() -> Iterator[JsonObject]:
            nonlocal total
            for total, record in enumerate(self._matches(self._candidates.walk()), 1):  # noqa: B007 - the last number is the total
                yield record

        best = heapq.nsmallest if self._query.before is None else heapq.nlargest
        page = best(self._query.limit + 1, self._behind_start(counted()), key=self._order.key_of)
        return page, total if self._known_total is None else self._known_total

    def _behind_start(self, records: Iterator[JsonObject]) -> Iterator[JsonObject]:
        if self._start is None:
            return records
        place = self._order.key(self._start.values, self._start.id)
        if self._query.before is None:
            return (record for record in records if self._order.key_of(record) > place)
        return (record for record in records if self._order.key_of(record) < place)

    def _matches(self, candidates: Iterator[JsonObject]) -> Iterator[JsonObject]:
        return matching(candidates, self._plan.residual, self._objects, self._kind, self._meter)

    @property
    def _known_total(self) -> int | None:
        if self._start is not None and self._start.total_count is not None:
            return self._start.total_count
        return None if self._query.counted else 0

    def _found(self, page: list[JsonObject], total: int, *, more: bool) -> Found:
        backward = self._query.before is not None
        started = self._start is not None
        meter, in_memory = self._meter, self._order.natural is None
        return Found(
            tuple(page),
            total,
            self._cursor(page[0], total) if page else None,
            self._cursor(page[-1], total) if page else None,
            has_previous=more if backward else started,
            has_next=started if backward else more and bool(page),
            work=Work(self._plan.way.name, meter.rows, meter.reads, in_memory, self._plan.residual),
        )

    def _cursor(self, record: JsonObject, total: int) -> str:
        values = self._order.values(record) or [record["createdAt"]]
        told = self._start.total_count if self._start else None
        known = total if self._query.counted else told
        return Cursor(self._order.name, tuple(values), str(record["id"]), known).to_text()


def _check(query: Query) -> None:
    if query.limit < 0:
        raise errors.RecordInputError("The limit of a find must be 0 or more", field="limit")
    if query.after is not None and query.before is not None:
        raise errors.RecordInputError(
            "A page lies behind a cursor or in front of one: give starting_after or ending_before, not both",
            field="cursor",
        )


def _start(query: Query, order: Ordering) -> Cursor | None:
    text = query.before if query.after is None else query.after
    if text is None:
        return None
    cursor = read_cursor(text, order.name)
    fits = order.fits(cursor.values) if order.columns else _is_creation(cursor)
    if not fits:
        raise refused("does not fit its order: take it from a page as it is")
    return cursor


def _is_creation(cursor: Cursor) -> bool:
    return len(cursor.values) == 1 and isinstance(cursor.values[0], str)
