"""Types without rules of their own: JavaScript's loose equality, substrings, and comparison as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.equality import loosely_equal
from ventuno.filters.families.family import Family, lacks_content, negated
from ventuno.filters.families.number import is_at_least, is_at_most
from ventuno.filters.families.text import contains
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved


def _is(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return loosely_equal(left, right)


OTHER: Final = Family(
    "string",
    {
        Operand.IS: _is,
        Operand.IS_NOT: negated(_is),
        Operand.GREATER_THAN_OR_EQUAL: is_at_least,
        Operand.LESS_THAN_OR_EQUAL: is_at_most,
        Operand.CONTAINS: contains,
        Operand.DOES_NOT_CONTAIN: negated(contains),
        Operand.IS_EMPTY: lacks_content,
        Operand.IS_NOT_EMPTY: negated(lacks_content),
    },
)
