"""Schemas out of samples: one value shows what others may look like, and binds nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.expressions.kinds import Kind, kind_of
from ventuno.schemas.schema import ANY, Array, Object, Scalar, Unknown, union_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ventuno.json_value import JsonValue
    from ventuno.schemas.schema import Schema

_TYPES = {Kind.TEXT: "TEXT", Kind.NUMBER: "NUMBER", Kind.BOOLEAN: "BOOLEAN"}


def schema_of_sample(value: JsonValue, unknown: Unknown = Unknown.UNLIKELY) -> Schema:
    """Return the schema of values like this one; its objects may have further keys."""
    if value is None:
        return ANY
    if isinstance(value, dict):
        return Object({key: schema_of_sample(member, unknown) for key, member in value.items()}, unknown)
    if isinstance(value, list | tuple):
        return Array(_merged([schema_of_sample(item, unknown) for item in value]))
    return Scalar(_TYPES[kind_of(value)], value)


def _merged(schemas: Sequence[Schema]) -> Schema:
    """Make the objects among the elements one, with every key that one of them has; drop other samples."""
    objects = [schema for schema in schemas if isinstance(schema, Object)]
    scalars = [Scalar(schema.type) for schema in schemas if isinstance(schema, Scalar)]
    lists = [schema.items for schema in schemas if isinstance(schema, Array)]
    parts: list[Schema] = [*scalars]
    if objects:
        parts.append(Object(_merged_members(objects), objects[0].unknown))
    if lists:
        parts.append(Array(union_of(lists)))
    return union_of(parts) if len(objects) + len(lists) + len(scalars) == len(schemas) else ANY


def _merged_members(objects: Iterable[Object]) -> dict[str, Schema]:
    collected: dict[str, list[Schema]] = {}
    for each in objects:
        for key, member in each.members.items():
            collected.setdefault(key, []).append(member)
    return {key: members[0] if len(members) == 1 else _merged(members) for key, members in collected.items()}
