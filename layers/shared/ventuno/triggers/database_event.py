"""DATABASE_EVENT: a record was created, changed, deleted, restored or destroyed, by whomever.

The event stands at `{{trigger.recordId}}` and `{{trigger.properties.after.<field>}}` (`before` where the
record is gone). Records carry what their relations point to under the relation's name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator

from ventuno.actions.filter import FilterSettings
from ventuno.definition.findings import Finding, Severity
from ventuno.expressions.showing import shown
from ventuno.records.events import EventName
from ventuno.records.revision import STAMPS
from ventuno.schemas import ANY, TEXT, UUID, Array, Object
from ventuno.spelling import nearest
from ventuno.triggers.base import TriggerSettings, TriggerType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ventuno.json_value import JsonObject
    from ventuno.records.events import RecordEvent
    from ventuno.schemas import Schema, Scope

_CODE: Final = "INVALID_TRIGGER_PARAMS"
_EVENT: Final = re.compile(rf"[a-z][a-zA-Z0-9_]*\.({'|'.join(EventName)})")
_SEEN: Final = {
    EventName.CREATED: ("after",),
    EventName.UPDATED: ("before", "after", "updatedFields", "diff"),
    EventName.DELETED: ("before", "after", "updatedFields", "diff"),
    EventName.RESTORED: ("before", "after", "updatedFields", "diff"),
    EventName.UPSERTED: ("before", "after", "updatedFields", "diff"),
    EventName.DESTROYED: ("before",),
}
"""The properties of each event; `before` of an upsert that created is missing."""
_WITH_FIELDS: Final = (EventName.UPDATED, EventName.UPSERTED)


def _known_event(name: str) -> str:
    if not _EVENT.fullmatch(name):
        raise ValueError(f"write <object>.<event>, e.g. person.created; events are {', '.join(EventName)}")
    return name


class DatabaseEventSettings(TriggerSettings):
    """`{eventName: "<object>.<event>", fields?, filter?}`; `fields` counts for updated and upserted only.

    `filter` is a FILTER step's input.

    Source: reference §2.1
    """

    event_name: Annotated[str, AfterValidator(_known_event)]
    object_type: str | None = None
    fields: tuple[str, ...] | None = None
    filter: FilterSettings | None = None

    @property
    def object_name(self) -> str:
        """The singular name of the object."""
        return self.event_name.partition(".")[0]

    @property
    def event(self) -> EventName:
        """The event."""
        return EventName(self.event_name.partition(".")[2])

    def watches(self, event: RecordEvent) -> bool:
        """Whether one of the watched fields differs; without any, every event is watched."""
        if not self.fields or event.name not in _WITH_FIELDS:
            return True
        return not set(self.fields).isdisjoint(event.updated_fields)

    def passes(self, values: JsonObject, now: datetime) -> bool:
        """Whether the filter, if there is one, lets the event in `values` pass. Raises: StepInputError"""
        return self.filter is None or self.filter.arranged.hold(values, now)


class DatabaseEvent(TriggerType):
    """Started by the stream of the records table."""

    wire_type = "DATABASE_EVENT"
    settings_type = DatabaseEventSettings

    def permissions(self, settings: DatabaseEventSettings) -> Iterator[str]:
        """Name the records it sees."""
        yield f"read {settings.object_name}"

    def topic(self, settings: DatabaseEventSettings) -> str:
        """Return what the workflow listens to."""
        return settings.event_name

    def output_schema(self, settings: DatabaseEventSettings, scope: Scope) -> Schema:
        """Return the event with the record's fields, as far as the event has them."""
        record = _with_relations(settings.object_name, scope)
        parts = {"before": record, "after": record, "updatedFields": Array(TEXT), "diff": _diff(record)}
        members = {name: parts[name] for name in _SEEN[settings.event]}
        who = {"userId": UUID, "userWorkspaceId": UUID, "workspaceMemberId": UUID}
        return Object({"recordId": UUID, **who, "properties": Object(members)})

    def check(self, settings: DatabaseEventSettings, scope: Scope) -> Iterator[Finding]:
        """Find an object or fields that do not exist, and filters that cannot hold."""
        name, names = settings.object_name, scope.objects.names()
        if name not in names:
            message = f'there is no object "{shown(name)}"; use {", ".join(names)}'
            closest = nearest(name, names)
            suggestion = closest and f"{closest}.{settings.event}"
            yield Finding(_CODE, ".eventName", message, suggestion)
            return
        yield from _field_findings(settings, scope)
        for found in settings.filter.findings(scope) if settings.filter else ():
            yield replace(found, path=f".filter{found.path}")


def event_payload(event: RecordEvent, member_id: str | None) -> JsonObject:
    """Build the trigger's result. Source: reference §2.1"""
    told: JsonObject = {
        "before": event.before,
        "after": event.after,
        "updatedFields": list(event.updated_fields),
        "diff": event.diff,
    }
    properties = {name: told[name] for name in _SEEN[event.name] if told[name] is not None}
    who: JsonObject = {} if member_id is None else {"workspaceMemberId": member_id}
    return {"recordId": event.record["id"], **who, "properties": properties}


def _field_findings(settings: DatabaseEventSettings, scope: Scope) -> Iterator[Finding]:
    record = scope.record(settings.object_name)
    columns = record.members if isinstance(record, Object) else {}
    known = {*columns, *scope.objects.relations(settings.object_name)} - set(STAMPS)
    for index, name in enumerate(settings.fields or ()):
        if name not in known:
            message = f'"{shown(name)}" is no field of {settings.object_name} that can change; remove it'
            yield Finding(_CODE, f".fields[{index}]", message, nearest(name, known))
    if settings.fields and settings.event not in _WITH_FIELDS:
        message = f"fields counts for updated and upserted, not for {settings.event}; remove it"
        yield Finding(_CODE, ".fields", message, severity=Severity.WARNING)


def _with_relations(object_name: str, scope: Scope) -> Schema:
    record = scope.record(object_name)
    if not isinstance(record, Object):
        return ANY
    relations = scope.objects.relations(object_name)
    related = {name: scope.record(target) for name, target in relations.items()}
    return Object({**record.members, **related}, record.unknown, record=record.record)


def _diff(record: Schema) -> Schema:
    if not isinstance(record, Object):
        return ANY
    return Object({name: Object({"before": each, "after": each}) for name, each in record.members.items()})
