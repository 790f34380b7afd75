"""What a find may cost, and the meter that counts it: nothing reads on for ever, a find ends or says why.

The meter is used by one thread; only the store's requests themselves run in others.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row, RowCount, RowKey, RowPage, RowQuery, RowReader

_KEYS_PER_READ = 100
_AT_ONCE = 8  # requests; as many as an object has partitions


@dataclass(frozen=True, slots=True)
class Budget:
    """The most rows that one find looks at, requests it sends to the store, and seconds it goes on for."""

    rows: int = 250_000
    reads: int = 5_000
    seconds: float = 60.0


DEFAULT_BUDGET = Budget()


class Meter:
    """A reader that counts what passes through it and stops when the budget is used up."""

    def __init__(
        self,
        store: RowReader,
        budget: Budget,
        kind: ObjectType,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._budget = budget
        self._kind = kind
        self._timer = timer
        self._started = timer()
        self._pool: ThreadPoolExecutor | None = None
        self.rows = 0
        self.reads = 0

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read rows by key. Raises: QueryBudgetError"""
        self._check(-(-len(keys) // _KEYS_PER_READ))
        return self.get_also(keys)

    def get_also(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read what belongs to rows that were paid for; counted, but never refused."""
        self.reads += -(-len(keys) // _KEYS_PER_READ)
        rows = self._store.get_rows(keys)
        self.rows += len(rows)
        return rows

    def read_again(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read whole what was looked at in parts; counted as requests, not as rows."""
        self.reads += -(-len(keys) // _KEYS_PER_READ)
        return self._store.get_rows(keys)

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page. Raises: QueryBudgetError"""
        self._spend()
        return self._looked_at(self._store.query_rows(query))

    def ask_rows(self, query: RowQuery) -> Callable[[], RowPage]:
        """Read one page meanwhile; what is returned waits for it. Raises: QueryBudgetError"""
        self._spend()
        asked = self._threads().submit(self._store.query_rows, query)
        return lambda: self._looked_at(asked.result())

    def ask_count(self, query: RowQuery) -> Callable[[], RowCount]:
        """Count one page meanwhile; what is only counted is not looked at. Raises: QueryBudgetError"""
        self._spend()
        return self._threads().submit(self._store.count_rows, query).result

    def close(self) -> None:
        """Wait for requests that nobody waits for any more."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _looked_at(self, page: RowPage) -> RowPage:
        self.rows += len(page.rows)
        return page

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_AT_ONCE)
        return self._pool

    def _spend(self) -> None:
        self._check(1)
        self.reads += 1

    def _check(self, reads: int) -> None:
        seconds = self._timer() - self._started
        if self.rows >= self._budget.rows:
            raise self._used_up(f"looked at {self.rows:,} rows, its budget of {self._budget.rows:,}")
        if self.reads + reads > self._budget.reads:
            raise self._used_up(f"sent {self.reads:,} requests, its budget of {self._budget.reads:,}")
        if seconds >= self._budget.seconds:
            raise self._used_up(f"took {seconds:.1f} s, its budget of {self._budget.seconds:g} s")

    def _used_up(self, spent: str) -> errors.QueryBudgetError:
        unique = [group.name for group in self._kind.unique_groups]
        indexed = [field.column for field in self._kind.indexed_fields]
        return errors.QueryBudgetError(
            f"The query of {self._kind.name} {spent}, and was not done: ask for an equality on one of "
            f"{', '.join(['id', *unique, *indexed])}, for a range of createdAt, or in the order of createdAt "
            "and without a total, which gives what was found so far and a cursor to go on"
        )
