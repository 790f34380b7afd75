"""What can be wrong with the object and the fields that a record action names; found before anything runs.

Values that hold variables are left to the run; all others are judged by the field's own type.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING
from ventuno.expressions.showing import shown
from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.composite import CompositeType
from ventuno.records.model.field import Access
from ventuno.records.modes import WriteMode
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ventuno.actions.record_schemas import ModelSchemas
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.object_type import ObjectType

CODE: Final = "INVALID_STEP_PARAMS"
_NAME: Final = ".objectName"


def object_findings(object_name: str, objects: ModelSchemas) -> Iterator[Finding]:
    """Find an object that does not exist."""
    if OPENING in object_name or objects.kind(object_name):
        return
    names = objects.names()
    message = f'there is no object "{shown(object_name)}"; use {", ".join(names)}'
    yield Finding(CODE, _NAME, message, nearest(object_name, names))


def written_object_findings(object_name: str, verb: str, objects: ModelSchemas) -> Iterator[Finding]:
    """Find an object that does not exist, or that automations may only read. Source: reference §3.2"""
    yield from object_findings(object_name, objects)
    kind = objects.kind(object_name)
    if kind and not kind.automation:
        yield Finding(CODE, _NAME, f"{object_name} cannot be {verb}d by automation; choose another object")


def record_findings(object_name: str, record: Mapping[str, Any], objects: ModelSchemas) -> Iterator[Finding]:
    """Find unknown fields, and values that their fields can never take."""
    kind = objects.kind(object_name)
    if kind is None:
        return
    for name, value in record.items():
        path = f".objectRecord.{name}"
        field = kind.by_input_name.get(name)
        if field is None:
            yield from _unknown_field(kind, name, path)
        elif value is not None and field.access is Access.SYSTEM:
            yield Finding(CODE, path, f"{name} is kept by the system and cannot be written; remove it")
        elif value is not None:
            yield from _value_findings(field.type, value, path)


def field_list_findings(object_name: str, names: Sequence[str], objects: ModelSchemas) -> Iterator[Finding]:
    """Find unknown fields in `fieldsToUpdate`."""
    kind = objects.kind(object_name)
    for index, name in enumerate(names):
        if kind is not None and name not in kind.by_input_name:
            yield from _unknown_field(kind, name, f".fieldsToUpdate[{index}]")


def mode_findings(
    object_name: str, modes: Mapping[str, WriteMode], objects: ModelSchemas
) -> Iterator[Finding]:
    """Find modes of unknown fields, and of fields that nothing can be appended to."""
    kind = objects.kind(object_name)
    if kind is None:
        return
    for name, mode in modes.items():
        path = f".mode.{name}"
        field = kind.by_input_name.get(name)
        if field is None:
            yield from _unknown_field(kind, name, path)
        elif mode is WriteMode.APPEND and not field.type.appendable:
            message = f"{field.type.wire_name} holds one value, to which nothing can be appended; remove it"
            yield Finding(CODE, path, message, WriteMode.ONLY_IF_EMPTY.value)


def _unknown_field(kind: ObjectType, name: str, path: str) -> Iterator[Finding]:
    if OPENING not in name:
        message = f'"{shown(name)}" is not a field of {kind.name}; correct or remove it'
        yield Finding(CODE, path, message, nearest(name, kind.by_input_name))


def _value_findings(field_type: FieldType, value: Any, path: str) -> Iterator[Finding]:  # noqa: ANN401 - author JSON
    if isinstance(field_type, CompositeType) and isinstance(value, dict):
        for name, part_value in value.items():
            yield from _part_findings(field_type, name, part_value, f"{path}.{name}")
        return
    if OPENING in json.dumps(value, ensure_ascii=False):
        return
    try:
        field_type.normalise(value)
    except FieldValueError as error:
        yield Finding(CODE, path, f"the value {error}")


def _part_findings(composite: CompositeType, name: str, value: Any, path: str) -> Iterator[Finding]:  # noqa: ANN401 - author JSON
    part = composite.part(name)
    if part is not None:
        yield from _value_findings(part, value, path) if value is not None else ()
    elif OPENING not in name:
        parts = ", ".join(composite.part_names)
        message = f'{composite.wire_name} has no part "{shown(name)}"; use {parts}'
        yield Finding(CODE, path, message, nearest(name, composite.part_names))
