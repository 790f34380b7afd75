"""The schemas of records, made from the object model: every column, composites with their parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.object_list import ObjectListType
from ventuno.records.fields.relation import RelationType
from ventuno.schemas import ANY, TEXT, Array, Object, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.schemas import Schema

_LISTS: Final = frozenset({"ARRAY", "MULTI_SELECT", "FILES"})
_OPEN: Final = frozenset({"RAW_JSON"})
_READ_AS: Final = {"POSITION": "NUMBER", "MORPH_RELATION": "RELATION"}


@dataclass(frozen=True, slots=True)
class ModelSchemas:
    """The schemas of a workspace's objects."""

    model: ObjectModel

    def names(self) -> tuple[str, ...]:
        """Return the singular names of all objects."""
        return tuple(kind.name for kind in self.model)

    def kind(self, object_name: str) -> ObjectType | None:
        """Return the object of a singular name, or None."""
        try:
            return self.model.get(object_name)
        except errors.RecordInputError:
            return None

    def record(self, object_name: str) -> Schema | None:
        """Return the schema of an object's records, or None if there is no such object."""
        kind = self.kind(object_name)
        return record_schema(kind) if kind else None

    def plural(self, object_name: str) -> str | None:
        """Return an object's plural name, or None if there is no such object."""
        kind = self.kind(object_name)
        return kind.plural if kind else None

    def relations(self, object_name: str) -> dict[str, str]:
        """Return the object that each many-to-one relation of an object points to, by the relation's name."""
        kind = self.kind(object_name)
        fields = kind.fields if kind else ()
        return {field.name: field.type.target for field in fields if isinstance(field.type, RelationType)}


def record_schema(kind: ObjectType) -> Object:
    """Return the schema of the records of one object."""
    members = {column: field_schema(field.type) for column, field in kind.by_column.items()}
    return Object(members, record=kind.name)


def field_schema(field_type: FieldType) -> Schema:
    """Return the schema of the values of one field type."""
    if isinstance(field_type, CompositeType):
        return Object(_parts(field_type.parts.items()), type=field_type.wire_name)
    if isinstance(field_type, ObjectListType):
        return Array(Object(_parts(field_type.element.parts.items())))
    name = field_type.wire_name
    if name in _LISTS:
        return Array(TEXT)
    return ANY if name in _OPEN else Scalar(_READ_AS.get(name, name))


def _parts(parts: Iterable[tuple[str, FieldType]]) -> dict[str, Schema]:
    return {name: field_schema(part) for name, part in parts}
