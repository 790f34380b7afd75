"""The operators of comparisons, each with its SQL meaning; None is SQL's unknown, the answer for null."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from ventuno.records.matching.patterns import like
from ventuno.records.search import has_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.json_value import JsonValue

Truth: TypeAlias = bool | None


def equal(value: JsonValue, operand: JsonValue) -> Truth:
    """eq: the same value; a number never equals a boolean."""
    if value is None or operand is None:
        return None
    return isinstance(value, bool) is isinstance(operand, bool) and value == operand


def _not_equal(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None or operand is None else not equal(value, operand)


def _in(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else any(equal(value, item) for item in _items(operand))


def _is(value: JsonValue, operand: JsonValue) -> Truth:
    return (value is None) is (operand == "NULL")


def _ordered(holds: Callable[[JsonValue, JsonValue], bool]) -> Callable[[JsonValue, JsonValue], Truth]:
    def compare(value: JsonValue, operand: JsonValue) -> Truth:
        return holds(value, operand) if _comparable(value, operand) else None

    return compare


def _comparable(value: JsonValue, operand: JsonValue) -> bool:
    if isinstance(value, bool) or isinstance(operand, bool):
        return False
    texts = isinstance(value, str) and isinstance(operand, str)
    return texts or (isinstance(value, int | float) and isinstance(operand, int | float))


def _like(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else like(_text(value), str(operand))


def _ilike(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else like(_text(value), str(operand), ignore_case=True)


def _starts_with(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else _text(value).startswith(str(operand))


def _ends_with(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else _text(value).endswith(str(operand))


def _contains_any(value: JsonValue, operand: JsonValue) -> Truth:
    wanted = _items(operand)
    return None if value is None else any(equal(item, want) for item in _items(value) for want in wanted)


def _contains_ilike(value: JsonValue, operand: JsonValue) -> Truth:
    # SQL asks whether an element exists that matches, and null has no elements.
    return any(_ilike(item, operand) for item in _items(value))


def _is_empty_array(value: JsonValue, operand: JsonValue) -> Truth:
    return None if value is None else (value == []) is bool(operand)


def _items(value: JsonValue) -> list[JsonValue]:
    return list(value) if isinstance(value, list | tuple) else []


def _text(value: JsonValue) -> str:
    # json.dumps with its default separators writes as PostgreSQL's jsonb::text does.
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


OPERATORS: Mapping[str, Callable[[JsonValue, JsonValue], Truth]] = {
    "eq": equal,
    "neq": _not_equal,
    "in": _in,
    "is": _is,
    "gt": _ordered(lambda value, operand: value > operand),  # type: ignore[operator]
    "gte": _ordered(lambda value, operand: value >= operand),  # type: ignore[operator]
    "lt": _ordered(lambda value, operand: value < operand),  # type: ignore[operator]
    "lte": _ordered(lambda value, operand: value <= operand),  # type: ignore[operator]
    "like": _like,
    "ilike": _ilike,
    "startsWith": _starts_with,
    "endsWith": _ends_with,
    "containsAny": _contains_any,
    "containsIlike": _contains_ilike,
    "isEmptyArray": _is_empty_array,
    "search": lambda value, operand: None if value is None else has_words(value, operand),
}

LIST_OPERATORS = frozenset({"in", "containsAny"})
TEXT_OPERATORS = frozenset({"like", "ilike", "startsWith", "endsWith", "containsIlike", "search"})
VALUE_OPERATORS = frozenset({"eq", "neq", "in", "gt", "gte", "lt", "lte"})
"""The operators that compare whole values, whose operands are spelt as stored values are."""
