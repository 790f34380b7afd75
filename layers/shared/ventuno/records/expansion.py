"""Records with what they are related to: the target of every relation, and up to 60 records that point here.

Source: reference §10.6, depth
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.filters.condition import Comparison, Operator
from ventuno.records.fields.relation import RelationType
from ventuno.records.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.service import RecordService

MOST_RELATED = 60


def expanded(
    objects: ObjectModel, records: RecordService, kind: ObjectType, found: Sequence[JsonObject]
) -> list[JsonObject]:
    """Return the records with what they are related to, by the names of the relations.

    Raises: QueryBudgetError, StoreUnavailableError
    """
    backward = list(inverses(objects, kind))
    return [
        record | {name: _pointing(records, other, field, record["id"]) for name, other, field in backward}
        for record in records.with_related(kind, found)
    ]


def inverses(objects: ObjectModel, kind: ObjectType) -> Iterator[tuple[str, ObjectType, Field]]:
    """List the relations that point at an object: their name on this side, the other object, its field."""
    for other in objects:
        for field in other.fields:
            if isinstance(field.type, RelationType) and field.type.target == kind.name and field.type.inverse:
                yield field.type.inverse, other, field


def _pointing(
    records: RecordService, other: ObjectType, field: Field, record_id: JsonValue
) -> list[JsonValue]:
    pointing = Comparison((field.column,), Operator.EQ, record_id)
    return list(records.query(other.name, Query(pointing, limit=MOST_RELATED, counted=False)).records)
