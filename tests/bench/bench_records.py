"""Record writes and finds over 100,000 people in memory, with the store requests of each; prints lines.

Line:   name value unit n
Usage:  python tests/bench/bench_records.py [number of people]
"""

from __future__ import annotations

import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ventuno.adapters.dynamodb.numbers import from_item, to_item
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.filters.condition import And, Comparison, Operator
from ventuno.records.context import Actor, WriteContext
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import standard_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.records.store import Row, RowChange, RowCount, RowKey, RowPage, RowQuery

PEOPLE: Final = 100_000
PER_COMPANY: Final = 100
SAMPLES: Final = 200
WRITE: Final = WriteContext(Actor("IMPORT", "Bench"))


class TickingClock:
    """Goes on by a millisecond whenever it is read."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 18, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the next instant."""
        self._now += timedelta(milliseconds=1)
        return self._now


class CountingStore:
    """A store in memory that counts requests; a page holds about what 1 MB holds."""

    def __init__(self) -> None:
        self._store = MemoryRecordStore(page_size=1500)
        self.requests = 0

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read rows; 100 are one request."""
        self.requests += -(-len(keys) // 100)
        return self._store.get_rows(keys)

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page."""
        self.requests += 1
        return self._store.query_rows(query)

    def count_rows(self, query: RowQuery) -> RowCount:
        """Count one partition."""
        self.requests += 1
        return self._store.count_rows(query)

    def write(self, changes: Sequence[RowChange]) -> None:
        """Write one transaction."""
        self.requests += 1
        self._store.write(changes)


def main(people: int) -> None:
    """Fill the store and measure."""
    store = CountingStore()
    service = RecordService(standard_model(), store, TickingClock(), lambda: str(uuid.uuid4()))
    company_ids = [str(uuid.uuid4()) for _ in range(max(1, people // PER_COMPANY))]
    for company_id in company_ids:
        service.create("company", {"id": company_id}, WRITE)
    started = time.perf_counter()
    for number in range(people):
        service.create("person", _person(number, company_ids), WRITE)
    _line("records.create", (time.perf_counter() - started) / people * 1e6, "us", people)
    for name, (call, samples) in _calls(service, company_ids).items():
        _measure(store, name, call, samples)
    _item_speed()


def _person(number: int, company_ids: list[str]) -> dict[str, Any]:
    return {
        "name": {"firstName": f"First{number}", "lastName": "Last"},
        "emails": {"primaryEmail": f"person{number}@example.com"},
        "jobTitle": "CTO" if number % 10 else "CEO",
        "companyId": company_ids[number % len(company_ids)],
    }


def _calls(service: RecordService, company_ids: list[str]) -> dict[str, tuple[Callable[[], object], int]]:
    email = Comparison(("emails", "primaryEmail"), Operator.EQ, "person7@example.com")
    company = Comparison(("companyId",), Operator.EQ, company_ids[0])
    title = Comparison(("jobTitle",), Operator.EQ, "CEO")
    find = partial(service.find, "person")
    upsert = partial(service.upsert, "person", {"emails": {"primaryEmail": "person7@example.com"}}, WRITE)
    return {
        "records.upsert_unchanged": (upsert, SAMPLES),
        "records.find_by_unique": (partial(find, email), SAMPLES),
        "records.find_by_relation": (partial(find, company), SAMPLES),
        "records.find_by_relation_and_more": (partial(find, And((company, title))), SAMPLES),
        "records.find_first_page": (partial(find, None, 60), 20),
        "records.find_by_scan": (partial(find, title, 60), 1),
    }


def _measure(store: CountingStore, name: str, call: Callable[[], object], samples: int) -> None:
    before = store.requests
    started = time.perf_counter()
    for _ in range(samples):
        call()
    _line(name, (time.perf_counter() - started) / samples * 1e3, "ms", samples)
    _line(f"{name}.requests", (store.requests - before) / samples, "requests", samples)


def _item_speed() -> None:
    row: dict[str, Any] = {"PK": "a", "SK": "A", "fields": _person(1, ["x"]) | {"n": 1.5}}
    started = time.perf_counter()
    for _ in range(5000):
        from_item(to_item(row))
    _line("records.item_there_and_back", (time.perf_counter() - started) / 5000 * 1e6, "us", 5000)


def _line(name: str, value: float, unit: str, samples: int) -> None:
    sys.stdout.write(f"{name} {value:.3f} {unit} {samples}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
