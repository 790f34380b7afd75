"""A family of types: the operands it knows, each with its rule over resolved values.

A rule gets the left value, the right value and now; it never raises for a JSON value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ventuno.expressions.undefined import UNDEFINED
from ventuno.filters.refusals import UnsupportedOperandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved
    from ventuno.filters.operands import Operand

    Rule: TypeAlias = Callable[[Resolved, Resolved, datetime], bool]


def always(_left: Resolved) -> bool:
    """Say that an unsupported operand is an error whatever the left value."""
    return True


@dataclass(frozen=True, slots=True)
class Family:
    """`name` is for error texts; `judges` tells on which left values an unsupported operand is an error."""

    name: str
    rules: Mapping[Operand, Rule]
    judges: Callable[[Resolved], bool] = always

    def holds(self, operand: Operand, left: Resolved, right: Resolved, now: datetime) -> bool:
        """Compare two resolved values.

        Raises: UnsupportedOperandError
        """
        rule = self.rules.get(operand)
        if rule is not None:
            return rule(left, right, now)
        if self.judges(left):
            raise UnsupportedOperandError(operand, self.name)
        return False


def negated(rule: Rule) -> Rule:
    """Return the opposite rule."""
    return lambda left, right, now: not rule(left, right, now)


def is_blank(left: Resolved, _right: Resolved, _now: datetime) -> bool:
    """Whether the left value is null, undefined or empty text."""
    return left is None or left is UNDEFINED or left == ""


def lacks_content(left: Resolved, _right: Resolved, _now: datetime) -> bool:
    """Whether the left value is anything but text or an array with content; numbers and objects lack it."""
    return not (isinstance(left, str | list | tuple) and len(left) > 0)


def lacks_text(left: Resolved, _right: Resolved, _now: datetime) -> bool:
    """Whether the left value is anything but text with content."""
    return not (isinstance(left, str) and left)
