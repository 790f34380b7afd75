"""What can be wrong with a form beyond the shape of its settings: names, objects, fields with options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.actions.form_fields import FormFieldType, answer_type
from ventuno.actions.record_checks import CODE
from ventuno.definition.findings import Finding
from ventuno.expressions.showing import shown
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.actions.form_fields import FormField
    from ventuno.actions.record_schemas import ModelSchemas


def field_findings(fields: Sequence[FormField], root: str, objects: ModelSchemas) -> Iterator[Finding]:
    """Find names used twice, objects that do not exist, and fields without options; paths start at `root`."""
    names: set[str] = set()
    for index, field in enumerate(fields):
        path = f"{root}[{index}]"
        if field.name in names:
            message = f'Form action fields must have unique names, "{shown(field.name)}" is taken; rename it'
            yield Finding(CODE, f"{path}.name", message, _free_name(field.name, fields))
        names.add(field.name)
        if field.type is FormFieldType.RECORD:
            yield from _object_findings(field, f"{path}.settings.objectName", objects)
        elif field.type.chooses and answer_type(field, objects.model) is None:
            yield _no_options(field, f"{path}.settings.selectedFieldId", objects)


def _object_findings(field: FormField, path: str, objects: ModelSchemas) -> Iterator[Finding]:
    name = field.settings.object_name or ""
    if objects.kind(name) is None:
        message = f'there is no object "{shown(name)}"; name the object whose records can be chosen'
        yield Finding(CODE, path, message, nearest(name, objects.names()))


def _no_options(field: FormField, path: str, objects: ModelSchemas) -> Finding:
    known = [
        f"{kind.name}.{each.name}"
        for kind in objects.model
        for each in kind.fields
        if each.type.wire_name == field.type.value
    ]
    given = field.settings.selected_field_id or ""
    message = f'"{shown(given)}" is no {field.type} field; name one as object.field, its options are offered'
    return Finding(CODE, path, message, nearest(given, known))


def _free_name(name: str, fields: Sequence[FormField]) -> str:
    taken = {field.name for field in fields}
    return next(free for number in range(2, len(fields) + 2) if (free := f"{name}_{number}") not in taken)
