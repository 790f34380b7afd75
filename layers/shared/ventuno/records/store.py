"""RecordStore: the port of the records table, in rows that know nothing of records.

A row is a JSON object with the text keys `PK` and `SK`; one with `listPk` and `listSk` is also in byObject.
One write is one transaction: all of its changes happen, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ventuno import errors
from ventuno.json_value import JsonObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.json_value import JsonScalar

Row: TypeAlias = JsonObject


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """The primary key of a row."""

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Absent:
    """No row may have the key."""


@dataclass(frozen=True, slots=True)
class Holds:
    """A row must have the key, and this value in this attribute."""

    attribute: str
    value: JsonScalar


RowCondition: TypeAlias = Absent | Holds


@dataclass(frozen=True, slots=True)
class RowPut:
    """Store a row, in place of the one that has its key."""

    row: Row
    condition: RowCondition | None = None


@dataclass(frozen=True, slots=True)
class RowDelete:
    """Remove a row, if there is one."""

    key: RowKey
    condition: RowCondition | None = None


RowChange: TypeAlias = RowPut | RowDelete


@dataclass(frozen=True, slots=True)
class RowQuery:
    """One partition in the order of its sort key, or `backward`; `listed` asks byObject, not the table.

    In the direction of reading, the sort key `after` is passed over and `until` is still included.
    With `columns`, which only a listed query may have, rows are cut down to `listSk` and parts of `fields`.
    """

    partition: str
    listed: bool = False
    after: str | None = None
    until: str | None = None
    limit: int | None = None
    backward: bool = False
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows of a query, and the sort key after which the next page begins, or None at the end."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class RowCount:
    """How many rows one page of a query holds, and where the next page begins, as in RowPage."""

    rows: int
    after: str | None


class RowConflictError(errors.VentunoError):
    """A transaction was refused; it never leaves the records package.

    `refused` maps each change whose condition failed to the row that is there (None: no row);
    `contended` tells that another transaction held one of the rows.
    """

    def __init__(self, refused: Mapping[RowKey, Row | None], *, contended: bool = False) -> None:
        self.refused = refused
        self.contended = contended
        super().__init__(f"{len(refused)} conditions failed{', contended' if contended else ''}")


class RowReader(Protocol):
    """What a find needs of a store. Every method raises StoreUnavailableError when it refuses for now."""

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read the rows that exist, strongly consistent; 100 keys are one request."""

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page; the table is read strongly consistent, the index byObject is not."""

    def count_rows(self, query: RowQuery) -> RowCount:
        """Count the rows of one page without fetching them; a count is asked forward."""


class RecordStore(RowReader, Protocol):
    """Rows of the records table."""

    def write(self, changes: Sequence[RowChange]) -> None:
        """Apply the changes in one transaction.

        Raises: RowConflictError
        """


def key_of(row: Row) -> RowKey:
    """Return a row's primary key."""
    return RowKey(str(row["PK"]), str(row["SK"]))


def changed_key(change: RowChange) -> RowKey:
    """Return the primary key of the row a change is about."""
    return change.key if isinstance(change, RowDelete) else key_of(change.row)
