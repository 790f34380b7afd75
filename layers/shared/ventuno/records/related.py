"""Records with the records that their relations point to, read together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records import layout
from ventuno.records.fields.relation import RelationType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import RowKey, RowReader


def with_related(
    objects: ObjectModel, store: RowReader, kind: ObjectType, records: Sequence[JsonObject]
) -> list[JsonObject]:
    """Add the live record that each relation points to, by the relation's name; null where there is none.

    Raises: StoreUnavailableError
    """
    relations = [(field, objects.get(target)) for field in kind.fields if (target := _target(field))]
    keys = [_key(record, field, target) for record in records for field, target in relations]
    rows = store.get_rows([key for key in keys if key])

    def related(record: JsonObject, field: Field, target: ObjectType) -> JsonValue:
        key = _key(record, field, target)
        found = layout.from_fields(target, rows[key]) if key is not None and key in rows else None
        return found if found and found["deletedAt"] is None else None

    return [
        record | {field.name: related(record, field, target) for field, target in relations}
        for record in records
    ]


def _target(field: Field) -> str:
    return field.type.target if isinstance(field.type, RelationType) else ""


def _key(record: JsonObject, field: Field, target: ObjectType) -> RowKey | None:
    record_id = record[field.column]
    return None if record_id is None else layout.record_key(target, str(record_id))
