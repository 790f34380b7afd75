"""MANUAL: a person, the CLI or the API starts a run.

The payload stands flat at `{{trigger.<field>}}` and again at `{{trigger.payload.<field>}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ventuno.triggers.base import TriggerSettings, TriggerType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue


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


def manual_payload(payload: Mapping[str, JsonValue], member_id: str | None) -> JsonObject:
    """Build the trigger's result from what the caller sent. Source: reference §2.2"""
    return {**payload, "payload": dict(payload), "metadata": {"workspaceMemberId": member_id}}
