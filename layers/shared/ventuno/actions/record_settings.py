"""What the record actions share: the object, its fields, and who writes under which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from pydantic import Field

from ventuno import errors
from ventuno.expressions import UNDEFINED, resolve, resolve_rich_text
from ventuno.records.context import WriteContext
from ventuno.records.fields.rich_text import RichTextType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.actions.base import StepCall

ObjectName = Annotated[str, Field(min_length=1)]


RECORD: Final = "objectRecord"
"""The key of the input that `resolved_record` resolves, because rich text has rules of its own."""


class RecordSettings(Wire):
    """`{objectName: nameSingular, objectRecord: {field: value or composite}}`."""

    object_name: ObjectName
    object_record: dict[str, Any]


def resolved_record(settings: RecordSettings, call: StepCall) -> dict[str, Any]:
    """Resolve the variables of a record, in rich text as those of a document.

    Raises: RecordInputError, StepInputError
    Source: reference §3.2 and §5, last paragraph
    """
    fields = call.objects.get(settings.object_name).by_input_name
    rich = {
        name: _resolved_text(value, call.values)
        for name, value in settings.object_record.items()
        if isinstance(value, dict) and name in fields and isinstance(fields[name].type, RichTextType)
    }
    plain = {name: value for name, value in settings.object_record.items() if name not in rich}
    return {**cast("dict[str, Any]", resolve(plain, call.values)), **rich}


def _resolved_text(parts: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    resolved = {
        name: resolve_rich_text(part, values) if isinstance(part, str) else resolve(part, values)
        for name, part in parts.items()
    }
    return {name: part for name, part in resolved.items() if part is not UNDEFINED}


def refuse_system_object(object_name: str, verb: str, call: StepCall) -> None:
    """Refuse objects that automations may only read. Source: reference §3.2. Raises: StepInputError"""
    if not call.objects.get(object_name).automation:
        raise errors.StepInputError(f"Failed to {verb}: Object cannot be {verb}d by automation")


def write_context(call: StepCall) -> WriteContext:
    """Say who writes, under which key, and which runs led here."""
    return WriteContext(actor=call.actor, key=call.key, causation=call.causation)
