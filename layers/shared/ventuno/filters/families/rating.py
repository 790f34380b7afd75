"""Ratings: both sides convert to a rank, from `RATING_3`, 3 or "3"; a value without a rank is empty."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import number_of
from ventuno.filters.families.family import Family, negated
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved

_OPTION: Final = re.compile(r"RATING_([0-9]{1,9})")


def rank_of(value: Resolved) -> float:
    """Return the rank, NaN if there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return math.nan
    if not isinstance(value, str):
        return number_of(value)
    option = _OPTION.fullmatch(value)
    if option:
        return float(option[1])
    return number_of(value) if value.strip() else math.nan


def _is(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return rank_of(left) == rank_of(right)


def _is_at_least(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return rank_of(left) >= rank_of(right)


def _is_at_most(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return rank_of(left) <= rank_of(right)


def _is_empty(left: Resolved, _right: Resolved, _now: datetime) -> bool:
    return math.isnan(rank_of(left))


RATING: Final = Family(
    "rating",
    {
        Operand.IS: _is,
        Operand.IS_NOT: negated(_is),
        Operand.GREATER_THAN_OR_EQUAL: _is_at_least,
        Operand.LESS_THAN_OR_EQUAL: _is_at_most,
        Operand.IS_EMPTY: _is_empty,
        Operand.IS_NOT_EMPTY: negated(_is_empty),
    },
)
