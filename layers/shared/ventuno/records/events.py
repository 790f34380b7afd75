"""The events of one write of a record, told from what the record was and what it became.

A write that changed nothing but who wrote last and when is no event.
Source: reference §2.1
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ventuno.records.revision import STAMPS

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row


class EventName(StrEnum):
    """What can happen to a record; `upserted` stands for created or updated."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UPSERTED = "upserted"
    RESTORED = "restored"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class StreamedWrite:
    """One write of one record as a change stream delivers it, at least once; `id` is the same each time.

    `old` and `new` are base rows of `records.layout`, None where there was or is no record.
    """

    id: str
    old: Row | None
    new: Row | None

    @property
    def object_name(self) -> str:
        """The singular name of the record's object."""
        return str((self.new or self.old or {})["object"])

    @property
    def causation(self) -> tuple[str, ...]:
        """The runs that led to the write, oldest first; a record's end does not tell who caused it."""
        chain = (self.new or {}).get("causation")
        return tuple(str(run_id) for run_id in chain) if isinstance(chain, list) else ()


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """One event.

    `updated_fields` names what differs; a relation counts under its own name and that of its column.
    `diff` maps each differing field to {"before", "after"}.
    """

    name: EventName
    before: JsonObject | None
    after: JsonObject | None
    updated_fields: tuple[str, ...] = ()
    diff: JsonObject = field(default_factory=dict)

    @property
    def record(self) -> JsonObject:
        """The record as the event leaves it, or as it was when the event ended it."""
        return self.after or self.before or {}


def events_of(kind: ObjectType, before: JsonObject | None, after: JsonObject | None) -> list[RecordEvent]:
    """List the events of a write that turned `before` into `after`; None stands for no record."""
    if before is None:
        return [] if after is None else _created(kind, after)
    if after is None:
        return [RecordEvent(EventName.DESTROYED, before, None)]
    changed = [own for own in kind.fields if _differs(own, before, after)]
    ended = [own for own in changed if own.column == "deletedAt"]
    others = [own for own in changed if own.column != "deletedAt"]
    if after["deletedAt"] is not None and ended:
        return [_changed(EventName.DELETED, before, after, changed)]
    restored = [_changed(EventName.RESTORED, before, after, changed)] if ended else []
    names = (EventName.UPDATED, EventName.UPSERTED) if others else ()
    return [*restored, *(_changed(name, before, after, others) for name in names)]


def _created(kind: ObjectType, after: JsonObject) -> list[RecordEvent]:
    """A new record is created and upserted; what it has a value in counts as updated."""
    populated = [own for own in kind.fields if own.column not in STAMPS and _has_value(own, after)]
    updated, diff = _updated_fields(populated), _diff(populated, None, after)
    return [
        RecordEvent(EventName.CREATED, None, after),
        RecordEvent(EventName.UPSERTED, None, after, updated, diff),
    ]


def _changed(name: EventName, before: JsonObject, after: JsonObject, fields: list[Field]) -> RecordEvent:
    return RecordEvent(name, before, after, _updated_fields(fields), _diff(fields, before, after))


def _has_value(own: Field, record: JsonObject) -> bool:
    return record[own.column] is not None and record[own.column] != own.type.empty


def _differs(own: Field, before: JsonObject, after: JsonObject) -> bool:
    return own.column not in STAMPS and before[own.column] != after[own.column]


def _updated_fields(fields: list[Field]) -> tuple[str, ...]:
    return tuple(name for own in fields for name in own.names)


def _diff(fields: list[Field], before: JsonObject | None, after: JsonObject) -> JsonObject:
    return {own.name: {"before": _shown(own, before), "after": _shown(own, after)} for own in fields}


def _shown(own: Field, record: JsonObject | None) -> JsonValue:
    """A relation is shown as the record it points to, of which only the id is known."""
    value = None if record is None else record[own.column]
    return {"id": value} if own.is_relation and value is not None else value
