"""What callers write, as normalised column values, or refused with every wrong field in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.fields.base import FieldValueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType


def normalised(kind: ObjectType, values: Mapping[str, JsonValue]) -> JsonObject:
    """Return the normalised values by column; null stays null, it clears.

    Raises: RecordInputError
    """
    columns: JsonObject = {}
    wrong: dict[str, str] = {}
    for name, value in _spread(kind, values, wrong):
        field = kind.by_input_name.get(name)
        if field is None:
            wrong[name] = kind.unknown_field(name)
            continue
        try:
            _add(columns, field, value)
        except FieldValueError as exc:
            wrong[name] = f"{name} {exc}"
        except RecursionError:
            wrong[name] = f"{name} is nested too deeply"
    refuse(kind, wrong)
    return columns


def _spread(
    kind: ObjectType, values: Mapping[str, JsonValue], wrong: dict[str, str]
) -> Iterator[tuple[str, JsonValue]]:
    """Yield the values by field; a morph becomes its fields, all null but the one it names."""
    for name, value in values.items():
        if name not in kind.morphs:
            yield name, value
            continue
        targets = {str(getattr(field.type, "target", "")): field for field in kind.morphs[name]}
        given = value if isinstance(value, dict) else {}
        target = given.get("object") or given.get("targetObjectMetadataId")
        if value is not None and (target not in targets or not given.get("id")):
            wrong[name] = f'{name} must be {{"object": one of {", ".join(targets)}, "id": …}} or null'
            continue
        for object_name, field in targets.items():
            yield field.column, given.get("id") if object_name == target else None


def refuse(kind: ObjectType, wrong: Mapping[str, str]) -> None:
    """Raise one error that names every wrong field, if there is any.

    Raises: RecordInputError
    """
    if wrong:
        raise errors.RecordInputError(
            f"Cannot write {kind.name}: {'; '.join(wrong.values())}", field=next(iter(wrong))
        )


def _add(columns: JsonObject, field: Field, value: JsonValue) -> None:
    column = field.column
    _check_text(value)
    normal = None if value is None else field.type.normalise(value)
    if column in columns and columns[column] != normal:
        raise FieldValueError(
            f"contradicts {column if field.name != column else field.name}, write only one of them"
        )
    columns[column] = normal


def _check_text(value: JsonValue) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as exc:
            raise FieldValueError("holds half of a surrogate pair, which is no text") from exc
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_text(name)
            _check_text(part)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_text(item)
