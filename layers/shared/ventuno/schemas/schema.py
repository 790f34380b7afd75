"""The neutral schema tree. Any value may also be null or missing: a path through null leads to null.

Types are named as field types are (TEXT, NUMBER, DATE_TIME, …); immutable, so schemas are shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from ventuno.expressions.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.json_value import JsonValue


class Unknown(Enum):
    """What a key that an object does not list means.

    REFUSED: there is none, the object is known completely.
    UNLIKELY: a sample has none, but the sender may send it.
    ALLOWED: the object has keys that nobody can list.
    """

    REFUSED = "refused"
    UNLIKELY = "unlikely"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class AnyValue:
    """Nothing is known."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts; `sample` is one such value, for people."""

    type: str
    sample: JsonValue = None


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values of one schema."""

    items: Schema


@dataclass(frozen=True, slots=True)
class Object:
    """Members by key; `type` is the type of a composite field, `record` the name of a record's object."""

    members: Mapping[str, Schema]
    unknown: Unknown = Unknown.REFUSED
    type: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """One of several; made by `union_of`, so never nested and never of one."""

    options: tuple[Schema, ...]


Schema: TypeAlias = AnyValue | Scalar | Array | Object | Union

ANY: Final = AnyValue()
TEXT: Final = Scalar("TEXT")
NUMBER: Final = Scalar("NUMBER")
BOOLEAN: Final = Scalar("BOOLEAN")
DATE_TIME: Final = Scalar("DATE_TIME")
UUID: Final = Scalar("UUID")

ARRAY_TYPE: Final = "ARRAY"
OBJECT_TYPE: Final = "OBJECT"
_MOST_OPTIONS: Final = 16  # comparing each with each must stay cheap, whatever a sample holds
_NUMBERS: Final = frozenset({"NUMBER", "NUMERIC"})


def union_of(options: Iterable[Schema]) -> Schema:
    """Return what is one of several schemas; one that may be anything, or very many, are anything."""
    distinct: list[Schema] = []
    for option in options:
        for each in option.options if isinstance(option, Union) else (option,):
            if each == ANY or len(distinct) == _MOST_OPTIONS:
                return ANY
            if each not in distinct:
                distinct.append(each)
    if not distinct:
        return ANY
    return distinct[0] if len(distinct) == 1 else Union(tuple(distinct))


def types_of(schema: Schema) -> frozenset[str]:
    """List the types a value may have; none if nothing is known."""
    match schema:
        case Scalar(name):
            return frozenset({name})
        case Array():
            return frozenset({ARRAY_TYPE})
        case Object(type=name):
            return frozenset({name or OBJECT_TYPE})
        case Union(options):
            return frozenset().union(*map(types_of, options))
    return frozenset()


def kinds_of(schema: Schema) -> frozenset[Kind]:
    """List the kinds of JSON values that a schema admits; none if nothing is known."""
    match schema:
        case Scalar(name):
            return frozenset({_scalar_kind(name)})
        case Array():
            return frozenset({Kind.LIST})
        case Object():
            return frozenset({Kind.OBJECT})
        case Union(options):
            return frozenset().union(*map(kinds_of, options))
    return frozenset()


def _scalar_kind(name: str) -> Kind:
    if name in _NUMBERS:
        return Kind.NUMBER
    return Kind.BOOLEAN if name == "BOOLEAN" else Kind.TEXT
