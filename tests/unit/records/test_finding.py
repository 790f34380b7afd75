"""A scan within its budget: what it reads, and how it goes on from where it stopped."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.budget import Budget
from ventuno.records.context import Actor, WriteContext
from ventuno.records.ordering import Direction, Sort
from ventuno.records.query import Query
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import standard_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.records.query import Found
    from ventuno.records.store import Row, RowKey, RowPage, RowQuery

WRITE = WriteContext(Actor("API", "test"))
EVEN = Comparison(("title",), Operator.LIKE, "%even")
NEWEST = (Sort(("createdAt",), Direction.DESC_NULLS_LAST),)


class TickingClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 3, 18, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


class Recording(MemoryRecordStore):
    """A store with small pages that keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(page_size=2)
        self.queries: list[RowQuery] = []

    def query_rows(self, query: RowQuery) -> RowPage:
        self.queries.append(query)
        return super().query_rows(query)


@pytest.fixture
def store() -> Recording:
    return Recording()


@pytest.fixture
def service(store: Recording) -> RecordService:
    made = RecordService(standard_model(), store, TickingClock(), lambda: str(uuid.uuid4()))
    for number in range(60):
        made.create("note", {"title": f"{number} {'odd' if number % 2 else 'even'}"}, WRITE)
    return made


def titles(*pages: Found) -> list[str]:
    return [str(record["title"]) for page in pages for record in page.records]


@pytest.mark.parametrize("order", [(), NEWEST])
def test_a_page_that_the_budget_cut_short_goes_on_where_it_stopped(
    service: RecordService, order: tuple[Sort, ...]
) -> None:
    def page(after: str | None) -> Found:
        return service.query("note", Query(EVEN, order, 60, after, counted=False, budget=Budget(reads=12)))

    pages = [page(None)]
    while pages[-1].has_next:
        pages.append(page(pages[-1].end_cursor))

    assert len(pages) > 1
    assert [page.work.complete for page in pages] == [*[False] * (len(pages) - 1), True]
    assert sorted(titles(*pages)) == sorted(f"{number} even" for number in range(0, 60, 2))


def test_a_page_in_front_of_a_cursor_goes_on_too(service: RecordService) -> None:
    def page(before: str | None) -> Found:
        query = Query(EVEN, limit=60, before=before, counted=False, budget=Budget(reads=12))
        return service.query("note", query)

    pages = [page(service.query("note", Query(limit=60)).end_cursor)]
    while pages[-1].has_previous:
        pages.append(page(pages[-1].start_cursor))

    assert len(pages) > 1
    assert sorted(titles(*pages)) == sorted(f"{number} even" for number in range(0, 60, 2))


@pytest.mark.parametrize(
    "query",
    [
        Query(EVEN, budget=Budget(reads=12)),
        Query(order=(Sort(("title",)),), counted=False, budget=Budget(reads=12)),
        Query(EVEN, counted=False, budget=Budget(reads=0)),
    ],
    ids=["counted", "sorted", "before the first row"],
)
def test_what_cannot_be_cut_short_is_an_error(service: RecordService, query: Query) -> None:
    with pytest.raises(errors.QueryBudgetError, match="was not done"):
        service.query("note", query)


def test_a_walk_over_every_match_does_not_end_early_in_silence(service: RecordService) -> None:
    walk = service.each("note", EVEN, ["title"], Budget(reads=12))

    with pytest.raises(errors.QueryBudgetError):
        list(walk)


def test_a_scan_reads_only_what_it_looks_at_and_the_page_whole(
    service: RecordService, store: Recording
) -> None:
    store.queries.clear()
    found = service.query("note", Query(EVEN, (Sort(("position",)),), limit=3))

    assert {query.columns for query in store.queries} == {("position", "title")}
    assert [record["createdBy"] for record in found.records] == [found.records[0]["createdBy"]] * 3
    assert (found.total_count, len(found.records)) == (30, 3)


class Racing(Recording):
    """A store in which somebody writes between a scan and the reading of its page."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = None

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return super().get_rows(keys)


def test_who_changed_between_scan_and_page_is_not_answered() -> None:
    store = Racing()
    service = RecordService(standard_model(), store, TickingClock(), lambda: str(uuid.uuid4()))
    first, second, third = (service.create("note", {"title": "even"}, WRITE) for _ in range(3))

    def meanwhile() -> None:
        service.update("note", str(first["id"]), {"title": "odd"}, WRITE)
        service.delete("note", str(second["id"]), WRITE)

    store.meanwhile = meanwhile
    found = service.query("note", Query(EVEN))

    assert [record["id"] for record in found.records] == [third["id"]]
