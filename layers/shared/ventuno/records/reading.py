"""RecordReading: everything that reads records; a read sees what was written, a listing a moment later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records.budget import DEFAULT_BUDGET
from ventuno.records.finding import Finder
from ventuno.records.lookup import found, key_of_record, live
from ventuno.records.query import DEFAULT_LIMIT, Query
from ventuno.records.related import with_related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject
    from ventuno.records.budget import Budget
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.query import Found
    from ventuno.records.revision import StoredRecord
    from ventuno.records.store import RecordStore


class RecordReading:
    """Live records by id, by conditions and by relations."""

    def __init__(self, objects: ObjectModel, store: RecordStore) -> None:
        self._objects = objects
        self._store = store

    def get(self, object_name: str, record_id: str) -> JsonObject:
        """Read a record in full.

        Raises: RecordInputError, RecordNotFoundError, StoreUnavailableError
        """
        return self.get_versioned(object_name, record_id).record

    def get_versioned(self, object_name: str, record_id: str) -> StoredRecord:
        """Read a record and the version to give `update`.

        Raises: RecordInputError, RecordNotFoundError, StoreUnavailableError
        """
        kind = self._objects.get(object_name)
        key = key_of_record(kind, record_id)
        return live(kind, found(kind, key, self._store.get_rows([key])))

    def find(
        self,
        object_name: str,
        condition: Condition | None = None,
        limit: int = DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Found:
        """Find live records by a condition, oldest first; a condition on `deletedAt` finds deleted ones too.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        return self.query(object_name, Query(condition, limit=limit, after=cursor))

    def query(self, object_name: str, query: Query) -> Found:
        """Find live records as `find` does, in any order and from either side; the answer tells its cost.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        return Finder(self._objects, self._store, self._objects.get(object_name), query).find()

    def with_related(self, kind: ObjectType, records: Sequence[JsonObject]) -> list[JsonObject]:
        """Add to records what their relations point to, by the names of the relations.

        Raises: StoreUnavailableError
        """
        return with_related(self._objects, self._store, kind, records)

    def each(
        self,
        object_name: str,
        condition: Condition | None,
        columns: Iterable[str],
        budget: Budget = DEFAULT_BUDGET,
    ) -> Iterator[JsonObject]:
        """Walk over all live records that meet a condition, oldest first, with at least the given columns.

        Raises: RecordInputError, QueryBudgetError, StoreUnavailableError
        """
        query = Query(condition, columns=tuple(columns), budget=budget)
        return Finder(self._objects, self._store, self._objects.get(object_name), query).each()
