"""The neutral condition tree of record queries: what the record planner executes, without knowing filters.

LIKE patterns are escaped with a backslash, so a `%` that a value brings in is a plain character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue


class Operator(StrEnum):
    """How a stored field is compared.

    IS:             null or not; the value is "NULL" or "NOT_NULL"
    LIKE, ILIKE:    a pattern with `%` and `_`; ILIKE ignores case
    CONTAINS_ANY:   the stored array has one of the values
    CONTAINS_ILIKE: an element of the stored array matches the pattern, ignoring case
    IS_EMPTY_ARRAY: the stored array has no element; the value is true
    SEARCH:         full-text search
    """

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    IS = "is"
    LIKE = "like"
    ILIKE = "ilike"
    CONTAINS_ANY = "containsAny"
    CONTAINS_ILIKE = "containsIlike"
    IS_EMPTY_ARRAY = "isEmptyArray"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One stored field, or a part of it, against a value; `path` starts with the field's name."""

    path: tuple[str, ...]
    operator: Operator
    value: JsonValue


@dataclass(frozen=True, slots=True)
class And:
    """Every condition holds; none at all do."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


Condition: TypeAlias = Comparison | And | Or | Not

_SPECIAL: Final = re.compile(r"[\\%_]")
_ESCAPED: Final = re.compile(r"\\([\\%_])")
_PATTERNS: Final = frozenset({Operator.LIKE, Operator.ILIKE, Operator.CONTAINS_ILIKE})


def pattern_containing(text: str) -> str:
    """Return the LIKE pattern of everything that contains `text` literally."""
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    return f"%{escaped}%"


def to_neutral(condition: Condition) -> JsonObject:
    """Write the tree as nested objects, one key each; patterns show the author's text without escapes."""
    match condition:
        case And(conditions):
            return {"and": [to_neutral(member) for member in conditions]}
        case Or(conditions):
            return {"or": [to_neutral(member) for member in conditions]}
        case Not(negated):
            return {"not": to_neutral(negated)}
        case Comparison(path, operator, value):
            return _nested(path, {operator.value: _shown(operator, value)})


def _nested(path: tuple[str, ...], leaf: JsonObject) -> JsonObject:
    for key in reversed(path):
        leaf = {key: leaf}
    return leaf


def _shown(operator: Operator, value: JsonValue) -> JsonValue:
    if operator in _PATTERNS and isinstance(value, str):
        return _ESCAPED.sub(r"\1", value)
    return list(value) if isinstance(value, tuple) else value
