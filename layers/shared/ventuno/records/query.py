"""Query and Found: what a find is asked, and what it answers with what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.filters.condition import to_neutral
from ventuno.records.budget import DEFAULT_BUDGET, Budget

if TYPE_CHECKING:
    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject
    from ventuno.records.ordering import Sort

DEFAULT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Query:
    """One page of the records that meet a condition, in an order; oldest first when none is given.

    `after` and `before` are cursors: the page begins behind the one, or ends in front of the other.
    `counted` asks for `total_count`, which may cost more than the page.
    `columns` are those that a walk over all matches is for; a page always has whole records.
    """

    condition: Condition | None = None
    order: tuple[Sort, ...] = ()
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    before: str | None = None
    counted: bool = True
    columns: tuple[str, ...] | None = None
    budget: Budget = DEFAULT_BUDGET


@dataclass(frozen=True, slots=True)
class Work:
    """What a find did: the way it took, what it checked record by record, and what that cost.

    `way` is ID, UNIQUE, INDEX, SEARCH or SCAN; `sorted_in_memory` tells that every match was looked at
    because no store keeps the order; not `complete` is a page that the budget ended before it was full.
    """

    way: str
    rows: int
    reads: int
    sorted_in_memory: bool
    complete: bool
    residual: Condition | None

    def to_value(self) -> JsonObject:
        """Return it as the API and the command line show it."""
        return {
            "way": self.way,
            "scanned": self.way == "SCAN",
            "rowsExamined": self.rows,
            "reads": self.reads,
            "sortedInMemory": self.sorted_in_memory,
            "complete": self.complete,
            "checkedByRecord": None if self.residual is None else to_neutral(self.residual),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a find.

    `total_count` counts all matches, 0 when nobody asked; the cursors are those of the first and last record;
    `has_previous` and `has_next` tell whether there are records on either side.
    """

    records: tuple[JsonObject, ...]
    total_count: int
    start_cursor: str | None
    end_cursor: str | None
    has_previous: bool
    has_next: bool
    work: Work

    @property
    def cursor(self) -> str | None:
        """Return the cursor of the next page, or None on the last page."""
        return self.end_cursor if self.has_next else None

    @property
    def scanned(self) -> bool:
        """Tell that the whole object had to be read."""
        return self.work.way == "SCAN"
