"""MANUAL: a person, the CLI or the API starts a run.

The payload stands flat at `{{trigger.<field>}}` and again at `{{trigger.payload.<field>}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ventuno.definition.findings import Finding
from ventuno.expressions.showing import shown
from ventuno.schemas import ANY, UUID, Array, Object, Unknown
from ventuno.spelling import nearest
from ventuno.triggers.base import TriggerSettings, TriggerType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.schemas import Schema, Scope


class Global(Wire):
    """Runs without a record."""

    type: Literal["GLOBAL"] = "GLOBAL"
    locations: tuple[str, ...] | None = None


class SingleRecord(Wire):
    """Runs once for each chosen record."""

    type: Literal["SINGLE_RECORD"]
    object_name_singular: str


class BulkRecords(Wire):
    """Runs once for all chosen records."""

    type: Literal["BULK_RECORDS"]
    object_name_singular: str


class ManualSettings(TriggerSettings):
    """`{availability: {type: GLOBAL | SINGLE_RECORD | BULK_RECORDS, …}, icon?, isPinned?}`.

    Source: reference §2.2.
    """

    availability: Annotated[Global | SingleRecord | BulkRecords, Field(discriminator="type")] = Global()
    icon: str | None = None
    is_pinned: bool | None = None
    object_type: str | None = None


class Manual(TriggerType):
    """Started by `ventuno run` and by the API."""

    wire_type = "MANUAL"
    settings_type = ManualSettings

    def output_schema(self, settings: ManualSettings, scope: Scope) -> Schema:
        """Return the record or the records under `payload` and flat; GLOBAL takes any payload."""
        payload = _payload(settings.availability, scope)
        metadata = Object({"workspaceMemberId": UUID})
        if not isinstance(payload, Object):
            return Object({"payload": ANY, "metadata": metadata}, Unknown.ALLOWED)
        return Object({**payload.members, "payload": payload, "metadata": metadata}, payload.unknown)

    def check(self, settings: ManualSettings, scope: Scope) -> Iterator[Finding]:
        """Find an object that does not exist."""
        availability = settings.availability
        if isinstance(availability, Global) or scope.objects.record(availability.object_name_singular):
            return
        name, names = availability.object_name_singular, scope.objects.names()
        message = f'there is no object "{shown(name)}"; use {", ".join(names)}'
        path = ".availability.objectNameSingular"
        yield Finding("INVALID_TRIGGER_PARAMS", path, message, nearest(name, names))


def _payload(availability: Global | SingleRecord | BulkRecords, scope: Scope) -> Schema:
    if isinstance(availability, Global):
        return ANY
    record = scope.record(availability.object_name_singular)
    if isinstance(availability, SingleRecord):
        return record
    plural = scope.objects.plural(availability.object_name_singular)
    return Object({plural: Array(record)}) if plural else ANY


def manual_payload(payload: Mapping[str, JsonValue], member_id: str | None) -> JsonObject:
    """Build the trigger's result from what the caller sent. Source: reference §2.2"""
    return {**payload, "payload": dict(payload), "metadata": {"workspaceMemberId": member_id}}
