"""Numbers: both sides convert as JavaScript's `Number` does, so null and empty text are 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import number_of
from ventuno.filters.families.family import Family, is_blank, negated
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved


def is_equal(left: Resolved, right: Resolved, _now: datetime) -> bool:
    """Compare as numbers; NaN equals nothing."""
    return number_of(left) == number_of(right)


def is_at_least(left: Resolved, right: Resolved, _now: datetime) -> bool:
    """Compare as numbers; NaN is never at least anything."""
    return number_of(left) >= number_of(right)


def is_at_most(left: Resolved, right: Resolved, _now: datetime) -> bool:
    """Compare as numbers; NaN is never at most anything."""
    return number_of(left) <= number_of(right)


_RULES: Final = {
    Operand.IS: is_equal,
    Operand.IS_NOT: negated(is_equal),
    Operand.GREATER_THAN_OR_EQUAL: is_at_least,
    Operand.LESS_THAN_OR_EQUAL: is_at_most,
    Operand.IS_EMPTY: is_blank,
    Operand.IS_NOT_EMPTY: negated(is_blank),
}

NUMBER: Final = Family("number", _RULES)
CURRENCY_AMOUNT: Final = Family("currency", _RULES)
