"""Finding records: plan, read candidates in order, keep those that meet the rest of the condition."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout
from ventuno.records.candidates import BATCH, Candidates, chunks
from ventuno.records.cursor import Cursor, read_cursor
from ventuno.records.fields.relation import RelationType
from ventuno.records.matching.evaluation import meets
from ventuno.records.matching.preparation import Preparation, relations_of
from ventuno.records.planner import plan_find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.planner import FindPlan
    from ventuno.records.store import RecordStore


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a find.

    `total_count` counts all matches; `cursor` is None on the last page;
    `scanned` tells that the whole object had to be read.
    """

    records: tuple[JsonObject, ...]
    total_count: int
    cursor: str | None
    scanned: bool


class Finder:
    """Finds records of one object."""

    def __init__(self, objects: ObjectModel, store: RecordStore, kind: ObjectType) -> None:
        self._objects = objects
        self._store = store
        self._kind = kind

    def find(self, condition: Condition | None, limit: int, cursor: str | None) -> Found:
        """Find one page of records.

        Raises: RecordInputError, StoreUnavailableError
        """
        if limit < 0:
            raise errors.RecordInputError("The limit of a find must be 0 or more", field="limit")
        start = read_cursor(cursor) if cursor else None
        plan = plan_find(self._kind, self._prepared(condition))
        candidates = Candidates(self._store, self._kind, plan, None if plan.residual else limit + 1)
        matches = self._matching(plan, candidates.after(start.after if start else None))
        page = list(islice(matches, limit + 1))
        total = start.total_count if start else _total(plan, candidates, page, limit, matches)
        return Found(tuple(page[:limit]), total, _cursor(page, limit, total), plan.scanned)

    def _prepared(self, condition: Condition | None) -> Condition | None:
        return None if condition is None else Preparation(self._objects, self._kind).prepared(condition)

    def _matching(self, plan: FindPlan, records: Iterator[JsonObject]) -> Iterator[JsonObject]:
        relations = relations_of(self._kind, plan.residual)
        if not relations:
            yield from (record for record in records if meets(record, plan.residual))
            return
        for chunk in chunks(records, BATCH):
            related = {field.name: self._related(field, chunk) for field in relations}
            for record in chunk:
                seen: JsonObject = {
                    field.name: related[field.name].get(record[field.column]) for field in relations
                }
                if meets(record | seen, plan.residual):
                    yield record

    def _related(self, relation: Field, records: list[JsonObject]) -> dict[JsonValue, JsonObject]:
        target = (
            self._objects.get(relation.type.target) if isinstance(relation.type, RelationType) else self._kind
        )
        ids = (record[relation.column] for record in records)
        keys = [layout.record_key(target, str(record_id)) for record_id in ids if record_id is not None]
        rows = self._store.get_rows(keys) if keys else {}
        found = (layout.from_fields(target, row) for row in rows.values())
        return {record["id"]: record for record in found if record["deletedAt"] is None}


def _total(
    plan: FindPlan, candidates: Candidates, page: list[JsonObject], limit: int, rest: Iterator[JsonObject]
) -> int:
    if len(page) <= limit:
        return len(page)
    if plan.residual is None:
        return candidates.count()
    return len(page) + sum(1 for _ in rest)


def _cursor(page: list[JsonObject], limit: int, total: int) -> str | None:
    if len(page) <= limit or limit == 0:
        return None
    return Cursor(layout.list_position(page[limit - 1]), total).to_text()
