"""Follow a path through a schema, as resolving a variable will follow it through the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ventuno.expressions.kinds import Kind
from ventuno.schemas.schema import (
    ANY,
    NUMBER,
    TEXT,
    Array,
    Object,
    Scalar,
    Union,
    Unknown,
    kinds_of,
    union_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.schemas.schema import Schema

_LENGTH: Final = "length"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads; not `certain` if a sample or an unlisted key is all that is known of the way."""

    schema: Schema
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """A key that leads nowhere: its place in the path, and what could stand there instead."""

    position: int
    known: tuple[str, ...]
    certain: bool = True


Outcome: TypeAlias = Found | Missing


def follow(schema: Schema, keys: Sequence[str]) -> Outcome:
    """Follow a path to its end, or to the key that leads nowhere."""
    return _follow(schema, keys, 0, certain=True)


def _follow(schema: Schema, keys: Sequence[str], start: int, *, certain: bool) -> Outcome:
    for position in range(start, len(keys)):
        if schema == ANY:
            return Found(ANY, certain=False)
        if isinstance(schema, Union):
            return _any_of(schema, keys, position, certain=certain)
        certain = certain and not (isinstance(schema, Object) and schema.unknown is not Unknown.REFUSED)
        following = _member(schema, keys[position])
        if following is None:
            return Missing(position, _known(schema), certain)
        schema = following
    return Found(schema, certain and schema != ANY)


def _any_of(union: Union, keys: Sequence[str], position: int, *, certain: bool) -> Outcome:
    """A path exists if it does in one of the options; missing in all, the one it follows furthest counts."""
    outcomes = [_follow(option, keys, position, certain=certain) for option in union.options]
    found = [outcome for outcome in outcomes if isinstance(outcome, Found)]
    if found:
        everywhere = len(found) == len(outcomes) and all(outcome.certain for outcome in found)
        return Found(union_of(outcome.schema for outcome in found), everywhere)
    missing = [outcome for outcome in outcomes if isinstance(outcome, Missing)]
    furthest = max(missing, key=lambda outcome: outcome.position)
    return Missing(furthest.position, furthest.known, all(outcome.certain for outcome in missing))


def _member(schema: Schema, key: str) -> Schema | None:
    if isinstance(schema, Object):
        return schema.members.get(key, ANY if schema.unknown is Unknown.ALLOWED else None)
    if key == _LENGTH and _has_length(schema):
        return NUMBER
    if not (key.isascii() and key.isdigit()):
        return None
    if isinstance(schema, Array):
        return schema.items
    return TEXT if _has_length(schema) else None


def _has_length(schema: Schema) -> bool:
    return isinstance(schema, Array) or (isinstance(schema, Scalar) and kinds_of(schema) == {Kind.TEXT})


def _known(schema: Schema) -> tuple[str, ...]:
    if isinstance(schema, Object):
        return tuple(schema.members)
    return (_LENGTH,) if _has_length(schema) else ()
