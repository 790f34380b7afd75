"""Finding records: plan, read candidates in order, keep those that meet the rest of the condition.

An order that stores keep is read lazily, forward or backward, and stops with the page or the budget.
Any other order looks at every match, and only the records of the page stay in memory.
A scan reads no more of a record than its condition and order look at; the page is then read whole.
"""

from __future__ import annotations

import heapq
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout
from ventuno.records.budget import Meter
from ventuno.records.candidates import Candidates, Wanted
from ventuno.records.cursor import Cursor, read_cursor, refused
from ventuno.records.matching.preparation import Preparation, columns_of
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
        self._objects = objects
        self._order = prepared_order(kind, query.order)
        self._start = _start(query, self._order)
        condition = query.condition
        prepared = None if condition is None else Preparation(objects, kind).prepared(condition)
        self._plan = plan_find(kind, prepared)
        self._meter = Meter(store, query.budget, kind)
        self._candidates = Candidates(self._meter, kind, self._plan, self._wanted())

    def find(self) -> Found:
        """Find the page.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        with closing(self._meter):
            natural = self._order.natural
            page, total = self._sorted() if natural is None else self._walked(ascending=natural)
            records = self._whole(page[: self._query.limit])
            return self._found(page, records, total)

    def each(self) -> Iterator[JsonObject]:
        """Walk over every match, oldest first, with the columns that the query asks for.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        with closing(self._meter):
            yield from self._matches(self._candidates.walk())
            self._refuse_stopped()

    def _wanted(self) -> Wanted:
        """Tell what to read: whole records if all of them are answered, else the columns looked at."""
        query, natural = self._query, self._order.natural is not None
        if query.columns is None and self._plan.residual is None and natural:
            return Wanted(first=query.limit + 1)
        looked_at = columns_of(self._kind, self._plan.residual) | self._order.looked_at
        if self._plan.with_deleted:
            looked_at.add("deletedAt")
        asked = set(query.columns or ())
        every = query.columns is not None or not natural or (query.counted and self._start is None)
        return Wanted(columns=tuple(sorted(looked_at | asked)), every=every)

    def _walked(self, *, ascending: bool) -> tuple[list[JsonObject], int]:
        """Read the page in the order of the store; what is behind it is read only to be counted."""
        position = layout.position_of(self._start.values[0], self._start.id) if self._start else None
        backward = ascending is (self._query.before is not None)
        matches = self._matches(self._candidates.walk(position, backward=backward))
        page = list(islice(matches, self._query.limit + 1))
        if self._known_total is not None:
            return page, self._known_total
        if self._start is None and len(page) <= self._query.limit:
            self._refuse_stopped()
            return page, len(page)
        if self._plan.residual is None:
            return page, self._candidates.count()
        rest = matches if self._start is None else self._matches(self._candidates.walk())
        total = sum(1 for _ in rest) + (len(page) if self._start is None else 0)
        self._refuse_stopped()
        return page, total

    def _sorted(self) -> tuple[list[JsonObject], int]:
        """Look at every match and keep the page."""
        total = 0

        def counted() -> Iterator[JsonObject]:
            nonlocal total
            for total, record in enumerate(self._matches(self._candidates.walk()), 1):  # noqa: B007 - the last number is the total
                yield record

        best = heapq.nsmallest if self._query.before is None else heapq.nlargest
        page = best(self._query.limit + 1, self._behind_start(counted()), key=self._order.key_of)
        self._refuse_stopped()
        return page, total if self._known_total is None else self._known_total

    def _behind_start(self, records: Iterator[JsonObject]) -> Iterator[JsonObject]:
        if self._start is None:
            return records
        place = self._order.key(self._start.values, self._start.id)
        if self._query.before is None:
            return (record for record in records if self._order.key_of(record) > place)
        return (record for record in records if self._order.key_of(record) < place)

    def _matches(self, candidates: Iterator[JsonObject]) -> Iterator[JsonObject]:
        return matching(candidates, self._plan.residual, self._objects, self._kind, self._meter.get_also)

    def _whole(self, page: list[JsonObject]) -> list[JsonObject]:
        """Read the records of a page that was found by some columns; who changed meanwhile may leave it."""
        if not self._cut_down:
            return page
        keys = [layout.record_key(self._kind, str(record["id"])) for record in page]
        rows = self._meter.read_again(keys) if keys else {}
        records = (layout.from_fields(self._kind, rows[key]) for key in keys if key in rows)
        there = (record for record in records if self._plan.with_deleted or record["deletedAt"] is None)
        return list(self._matches(there))

    @property
    def _cut_down(self) -> bool:
        return self._plan.scanned and self._candidates.wanted.columns is not None

    def _refuse_stopped(self) -> None:
        """Raise what ended the walk too early."""
        if self._candidates.stopped is not None:
            raise self._candidates.stopped

    @property
    def _known_total(self) -> int | None:
        if self._start is not None and self._start.total_count is not None:
            return self._start.total_count
        return None if self._query.counted else 0

    def _found(self, page: list[JsonObject], records: list[JsonObject], total: int) -> Found:
        """Answer the page; one that the budget cut short ends behind the last record looked at."""
        backward, started = self._query.before is not None, self._start is not None
        more, page = len(page) > self._query.limit > 0, page[: self._query.limit]
        cut_short = not more and self._candidates.stopped is not None
        if cut_short:
            page.append(self._last())
        near, far = (self._cursor(page[0], total), self._cursor(page[-1], total)) if page else (None, None)
        return Found(
            tuple(reversed(records) if backward else records),
            total,
            start_cursor=far if backward else near,
            end_cursor=near if backward else far,
            has_previous=more or cut_short if backward else started,
            has_next=started if backward else more or cut_short,
            work=self._work(complete=not cut_short),
        )

    def _last(self) -> JsonObject:
        """Return the record behind which a walk that was stopped can go on. Raises: QueryBudgetError"""
        if self._candidates.last is None:
            self._refuse_stopped()
        return self._candidates.last or {}

    def _work(self, *, complete: bool) -> Work:
        meter, in_memory = self._meter, self._order.natural is None
        return Work(self._plan.way.name, meter.rows, meter.reads, in_memory, complete, self._plan.residual)

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
