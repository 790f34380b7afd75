"""Text, arrays and composites: case-sensitive substrings, and common elements of arrays.

A right value of nothing matches an empty left value;
which values are nothing depends on whether the type (or sub-field) holds text or a list.

Source: reference §6.2.1, `contains(L,R)` and null-equivalent values
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import parse_json, string_of
from ventuno.expressions.undefined import UNDEFINED
from ventuno.filters.equality import deeply_equal, identity, includes
from ventuno.filters.families.family import Family, lacks_content, negated
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved
    from ventuno.filters.families.family import Rule

    IsNothing = Callable[[Resolved], bool]


def contains(left: Resolved, right: Resolved, _now: datetime | None = None) -> bool:
    """Whether the left value holds the right one, or any element of a right value that is an array."""
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return not {identity(element) for element in left}.isdisjoint(map(identity, right))
    if not isinstance(left, str | list | tuple) or not isinstance(right, str):
        return string_of(right) in string_of(left)
    sought = parse_json(right)
    if isinstance(sought, list):
        return any(includes(left, element) for element in sought)
    return includes(left, right if sought is UNDEFINED else sought)


def is_same(left: Resolved, right: Resolved, _now: datetime) -> bool:
    """Compare contents without conversion."""
    return deeply_equal(left, right)


def _holds(is_nothing: IsNothing) -> Rule:
    def rule(left: Resolved, right: Resolved, now: datetime) -> bool:
        return contains(left, right) or (is_nothing(right) and lacks_content(left, right, now))

    return rule


def _lacks(is_nothing: IsNothing) -> Rule:
    def rule(left: Resolved, right: Resolved, now: datetime) -> bool:
        return not contains(left, right) or (is_nothing(right) and not lacks_content(left, right, now))

    return rule


def _family(is_nothing: IsNothing) -> Family:
    return Family(
        "text",
        {
            Operand.IS: is_same,
            Operand.IS_NOT: negated(is_same),
            Operand.CONTAINS: _holds(is_nothing),
            Operand.DOES_NOT_CONTAIN: _lacks(is_nothing),
            Operand.IS_EMPTY: lacks_content,
            Operand.IS_NOT_EMPTY: negated(lacks_content),
        },
    )


COMPOSITE: Final = _family(lambda _right: False)
TEXT: Final = _family(lambda right: right is None or right == "")
LIST: Final = _family(lambda right: right is None or right == [])
