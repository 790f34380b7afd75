"""Right values that a step filter can read; with any other an operand holds always or never.

The rules themselves never refuse a value, so this table is for validation only.

Source: reference §6.2.1 and §6.2.2
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from ventuno.expressions.instants import parse_instant
from ventuno.expressions.javascript import number_of
from ventuno.filters.families import family_of
from ventuno.filters.families.boolean import BOOLEAN
from ventuno.filters.families.date import DATE
from ventuno.filters.families.number import CURRENCY_AMOUNT, NUMBER
from ventuno.filters.families.rating import RATING, rank_of
from ventuno.filters.families.relation import RELATION, UUID
from ventuno.filters.operands import VALUELESS, Operand
from ventuno.filters.relative_dates import parse_relative

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.filters.families.family import Family
    from ventuno.json_value import JsonValue


class _Readable(NamedTuple):
    wanted: str
    reads: Callable[[JsonValue], bool]


def _is_number(value: JsonValue) -> bool:
    return not math.isnan(number_of(value))


def _is_rank(value: JsonValue) -> bool:
    return not math.isnan(rank_of(value))


def _is_instant(value: JsonValue) -> bool:
    return parse_instant(value) is not None


def _is_window(value: JsonValue) -> bool:
    return isinstance(value, str) and parse_relative(value) is not None


def _is_truth(value: JsonValue) -> bool:
    return value is None or isinstance(value, bool) or value in ("true", "false")


def _is_id(value: JsonValue) -> bool:
    return not isinstance(value, list) and not (isinstance(value, str) and value.lstrip().startswith("["))


_NUMBER: Final = _Readable("a number", _is_number)
_ID: Final = _Readable("one id, for lists are never equal to one", _is_id)
_WINDOW: Final = _Readable('a relative date, like {"direction":"PAST","amount":7,"unit":"DAY"}', _is_window)
_TABLE: Final[tuple[tuple[Family, _Readable, Mapping[Operand, _Readable]], ...]] = (
    (NUMBER, _NUMBER, {}),
    (CURRENCY_AMOUNT, _NUMBER, {}),
    (RATING, _Readable("a rating, like 3 or RATING_3", _is_rank), {}),
    (
        DATE,
        _Readable("a date in ISO 8601, like 2026-03-18", _is_instant),
        {Operand.IS_RELATIVE: _WINDOW},
    ),
    (BOOLEAN, _Readable("true or false", _is_truth), {}),
    (UUID, _ID, {}),
    (RELATION, _ID, {}),
)


def wanted_value(field_type: str, sub_field: str | None, operand: Operand, value: JsonValue) -> str | None:
    """Say what a literal right value should be where the filter cannot read this one; None where it can."""
    family = family_of(field_type, sub_field)
    if operand in VALUELESS or operand not in family.rules:
        return None
    for each, readable, exceptions in _TABLE:
        if each is family:
            wanted, reads = exceptions.get(operand, readable)
            return None if reads(value) else wanted
    return None
