"""Records one by one through a condition; records that it looks at through relations are read in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ventuno.records import layout
from ventuno.records.candidates import BATCH, chunks
from ventuno.records.fields.relation import RelationType
from ventuno.records.matching.evaluation import meets
from ventuno.records.matching.preparation import comparisons, relations_of
from ventuno.records.search import VECTOR, search_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row, RowKey

    ReadRows: TypeAlias = Callable[[Sequence[RowKey]], Mapping[RowKey, Row]]


def matching(
    records: Iterable[JsonObject],
    condition: Condition | None,
    objects: ObjectModel,
    kind: ObjectType,
    read: ReadRows,
) -> Iterator[JsonObject]:
    """Yield the records for which a prepared condition is true."""
    if condition is not None and any(comparison.path == (VECTOR,) for comparison in comparisons(condition)):
        records = ({**record, VECTOR: list(search_words(kind, record))} for record in records)
        found = _meeting(records, condition, objects, kind, read)
        yield from ({name: value for name, value in record.items() if name != VECTOR} for record in found)
    else:
        yield from _meeting(records, condition, objects, kind, read)


def _meeting(
    records: Iterable[JsonObject],
    condition: Condition | None,
    objects: ObjectModel,
    kind: ObjectType,
    read: ReadRows,
) -> Iterator[JsonObject]:
    relations = relations_of(kind, condition)
    if not relations:
        yield from (record for record in records if meets(record, condition))
        return
    for chunk in chunks(records, BATCH):
        related = {field.name: related_records(objects, read, field, chunk) for field in relations}
        for record in chunk:
            seen: JsonObject = {
                field.name: related[field.name].get(record[field.column]) for field in relations
            }
            if meets(record | seen, condition):
                yield record


def related_records(
    objects: ObjectModel, read: ReadRows, relation: Field, records: Sequence[JsonObject]
) -> dict[JsonValue, JsonObject]:
    """Read the live records that a relation of some records points to, by id."""
    if not isinstance(relation.type, RelationType):
        return {}
    target = objects.get(relation.type.target)
    ids = dict.fromkeys(record[relation.column] for record in records)
    keys = [layout.record_key(target, str(record_id)) for record_id in ids if record_id is not None]
    rows = read(keys) if keys else {}
    found = (layout.from_fields(target, row) for row in rows.values())
    return {record["id"]: record for record in found if record["deletedAt"] is None}
