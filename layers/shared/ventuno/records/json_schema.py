"""The JSON schema of field values, as the published API description has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.records.fields.array import ArrayType
from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.date import DateType
from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.object_list import ObjectListType
from ventuno.records.fields.position import PositionType
from ventuno.records.fields.raw_json import RawJsonType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.uuid import UuidType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ventuno.json_value import JsonObject
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.field import Field


def properties(fields: Iterable[Field]) -> JsonObject:
    """Return the schemas of fields by the names that records use."""
    return {field.column: schema_of(field.type) for field in fields}


def schema_of(field_type: FieldType) -> JsonObject:
    """Return the schema of a type's values; null always means that there is none."""
    for kind, make in _MAKERS:
        if isinstance(field_type, kind):
            return make(field_type)
    return {"type": ["string", "null"]}


def _composite(field_type: FieldType) -> JsonObject:
    parts = {name: schema_of(part) for name in field_type.part_names if (part := field_type.part(name))}
    return {"type": ["object", "null"], "properties": parts, "additionalProperties": False}


def _choice(field_type: FieldType) -> JsonObject:
    options = field_type.options if isinstance(field_type, SelectType) else ()
    return {"type": ["string", "null"], "enum": [*options, None]}


def _choices(field_type: FieldType) -> JsonObject:
    options = field_type.options if isinstance(field_type, MultiSelectType) else ()
    return {"type": ["array", "null"], "items": {"type": "string", "enum": list(options)}}


def _objects(field_type: FieldType) -> JsonObject:
    element = field_type.element if isinstance(field_type, ObjectListType) else None
    return {"type": ["array", "null"], "items": _composite(element) if element else {}}


def _text(form: str) -> Callable[[FieldType], JsonObject]:
    return lambda _: {"type": ["string", "null"], "format": form}


_MAKERS: Final[tuple[tuple[type[FieldType], Callable[[FieldType], JsonObject]], ...]] = (
    (CompositeType, _composite),
    (ObjectListType, _objects),
    (RawJsonType, lambda _: {}),
    (PositionType, lambda _: {"type": ["number", "string", "null"]}),
    (NumberType, lambda _: {"type": ["number", "null"]}),
    (BooleanType, lambda _: {"type": ["boolean", "null"]}),
    (MultiSelectType, _choices),
    (ArrayType, lambda _: {"type": ["array", "null"], "items": {"type": "string"}}),
    (SelectType, _choice),
    (DateTimeType, _text("date-time")),
    (DateType, _text("date")),
    (UuidType, _text("uuid")),
)
