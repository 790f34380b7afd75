"""What the record actions share: the object, its fields, and who writes under which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ventuno import errors
from ventuno.records.context import WriteContext
from ventuno.wire import Wire

if TYPE_CHECKING:
    from ventuno.actions.base import StepCall

ObjectName = Annotated[str, Field(min_length=1)]


class RecordSettings(Wire):
    """`{objectName: nameSingular, objectRecord: {field: value or composite}}`."""

    object_name: ObjectName
    object_record: dict[str, Any]


def refuse_system_object(object_name: str, verb: str, call: StepCall) -> None:
    """Refuse objects that automations may only read. Source: reference §3.2. Raises: StepInputError"""
    if not call.objects.get(object_name).automation:
        raise errors.StepInputError(f"Failed to {verb}: Object cannot be {verb}d by automation")


def write_context(call: StepCall) -> WriteContext:
    """Say who writes, under which key, and which runs led here."""
    return WriteContext(actor=call.actor, key=call.key, causation=call.causation)
