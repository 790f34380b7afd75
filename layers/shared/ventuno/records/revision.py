"""What a record becomes by a write: created, changed, deleted or restored. Pure; nothing is stored here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno.records.fields.date_time import instant_text
from ventuno.records.fields.position import placed
from ventuno.records.input import refuse
from ventuno.records.model.field import Access

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.context import Actor
    from ventuno.records.model.object_type import ObjectType

# Who wrote last and when is no change by itself: reference §2.1.
STAMPS = ("updatedAt", "updatedBy")


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record and the version the store holds it under; versions count from 1.

    `unknown` holds the stored columns that the object does not have, or not yet: a write keeps them.
    """

    record: JsonObject
    version: int
    unknown: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """By whom and when a record is written."""

    actor: Actor
    now: datetime


def created(kind: ObjectType, given: JsonObject, record_id: str, stamp: Stamp) -> JsonObject:
    """Return a new record out of normalised values.

    Raises: RecordInputError
    """
    _refuse_system_fields(kind, given)
    now = instant_text(stamp.now)
    record = {own.column: own.type.merge(None, given.get(own.column, own.default)) for own in kind.fields}
    source = _part(given.get("createdBy"), "source") or stamp.actor.source
    return record | {
        "id": given.get("id") or record_id,
        "createdAt": given.get("createdAt") or now,
        "updatedAt": given.get("updatedAt") or now,
        "position": placed(record["position"], stamp.now),
        "createdBy": stamp.actor.to_value() | {"source": source},
        "updatedBy": stamp.actor.to_value(),
    }


def changed(kind: ObjectType, before: JsonObject, given: JsonObject, stamp: Stamp) -> JsonObject | None:
    """Return the record after normalised values were written over it, or None when nothing differs.

    Raises: RecordInputError when a field that only a create may set would differ
    """
    after = before | {
        column: kind.by_column[column].type.merge(before[column], value) for column, value in given.items()
    }
    _refuse_fixed_fields(kind, before, after)
    after["position"] = placed(after["position"], stamp.now)
    return None if _same(before, after) else _stamped(after, stamp)


def changed_by_match(
    kind: ObjectType, before: JsonObject, given: JsonObject, stamp: Stamp
) -> JsonObject | None:
    """Return the record after an upsert found it: undeleted, the fields of its creation untouched."""
    _refuse_system_fields(kind, given)
    writable = {
        column: value for column, value in given.items() if kind.by_column[column].access is Access.WRITABLE
    }
    after = changed(kind, before, writable, stamp)
    if before["deletedAt"] is None:
        return after
    return _stamped(after or before, stamp) | {"deletedAt": None}


def deleted(before: JsonObject, stamp: Stamp) -> JsonObject:
    """Return the record after a soft delete."""
    return _stamped(before, stamp) | {"deletedAt": instant_text(stamp.now)}


def restored(before: JsonObject, stamp: Stamp) -> JsonObject | None:
    """Return the record after a restore, or None when it is not deleted."""
    if before["deletedAt"] is None:
        return None
    return _stamped(before, stamp) | {"deletedAt": None}


def _stamped(record: JsonObject, stamp: Stamp) -> JsonObject:
    return record | {"updatedAt": instant_text(stamp.now), "updatedBy": stamp.actor.to_value()}


def _same(before: JsonObject, after: JsonObject) -> bool:
    return all(before[column] == value for column, value in after.items() if column not in STAMPS)


def _part(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None


def _refuse_system_fields(kind: ObjectType, given: Mapping[str, JsonValue]) -> None:
    refuse(
        kind,
        {
            name: f"{name} is set by the system"
            for name, value in given.items()
            if value is not None and kind.by_column[name].access is Access.SYSTEM
        },
    )


def _refuse_fixed_fields(kind: ObjectType, before: JsonObject, after: JsonObject) -> None:
    refuse(
        kind,
        {
            own.column: f"{own.column} cannot be changed after the record was created"
            for own in kind.fields
            if own.access is not Access.WRITABLE and before[own.column] != after[own.column]
        },
    )
