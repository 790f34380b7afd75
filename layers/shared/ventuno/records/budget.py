"""What a find may cost, and the meter that counts it: nothing reads on for ever, a find ends or says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row, RowCount, RowKey, RowPage, RowQuery, RowReader

_KEYS_PER_READ = 100


@dataclass(frozen=True, slots=True)
class Budget:
    """The most rows that one find looks at, and the most requests it sends to the store."""

    rows: int = 250_000
    reads: int = 5_000


DEFAULT_BUDGET = Budget()


class Meter:
    """A reader that counts what passes through it and stops when the budget is used up."""

    def __init__(self, store: RowReader, budget: Budget, kind: ObjectType) -> None:
        self._store = store
        self._budget = budget
        self._kind = kind
        self.rows = 0
        self.reads = 0

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read rows by key. Raises: QueryBudgetError"""
        self._spend(-(-len(keys) // _KEYS_PER_READ))
        rows = self._store.get_rows(keys)
        self.rows += len(rows)
        return rows

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page. Raises: QueryBudgetError"""
        self._spend(1)
        page = self._store.query_rows(query)
        self.rows += len(page.rows)
        return page

    def count_rows(self, query: RowQuery) -> RowCount:
        """Count one page; what is only counted is not looked at. Raises: QueryBudgetError"""
        self._spend(1)
        return self._store.count_rows(query)

    def _spend(self, reads: int) -> None:
        if self.rows >= self._budget.rows:
            raise self._used_up(f"looked at {self.rows:,} rows, its budget of {self._budget.rows:,}")
        if self.reads + reads > self._budget.reads:
            raise self._used_up(f"sent {self.reads:,} requests, its budget of {self._budget.reads:,}")
        self.reads += reads

    def _used_up(self, spent: str) -> errors.QueryBudgetError:
        unique = [group.name for group in self._kind.unique_groups]
        indexed = [field.column for field in self._kind.indexed_fields]
        return errors.QueryBudgetError(
            f"The query of {self._kind.name} {spent}, and was not done: ask for an equality on one of "
            f"{', '.join(['id', *unique, *indexed])}, for a range of createdAt, or for a larger budget"
        )
