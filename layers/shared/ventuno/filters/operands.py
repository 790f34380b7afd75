"""The operands of filters, and their older spellings, which stored definitions still carry.

Source: reference §6.2
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Operand(StrEnum):
    """How the left value is compared with the right one."""

    IS = "IS"
    IS_NOT = "IS_NOT"
    IS_NOT_NULL = "IS_NOT_NULL"
    LESS_THAN_OR_EQUAL = "LESS_THAN_OR_EQUAL"
    GREATER_THAN_OR_EQUAL = "GREATER_THAN_OR_EQUAL"
    IS_BEFORE = "IS_BEFORE"
    IS_AFTER = "IS_AFTER"
    CONTAINS = "CONTAINS"
    DOES_NOT_CONTAIN = "DOES_NOT_CONTAIN"
    IS_EMPTY = "IS_EMPTY"
    IS_NOT_EMPTY = "IS_NOT_EMPTY"
    IS_RELATIVE = "IS_RELATIVE"
    IS_IN_PAST = "IS_IN_PAST"
    IS_IN_FUTURE = "IS_IN_FUTURE"
    IS_TODAY = "IS_TODAY"
    VECTOR_SEARCH = "VECTOR_SEARCH"


VALUELESS: Final = frozenset(
    {
        Operand.IS_NOT_NULL,
        Operand.IS_EMPTY,
        Operand.IS_NOT_EMPTY,
        Operand.IS_IN_PAST,
        Operand.IS_IN_FUTURE,
        Operand.IS_TODAY,
    }
)
"""Operands that read no right value."""

DEPRECATED: Final = {
    "is": Operand.IS,
    "isNot": Operand.IS_NOT,
    "isNotNull": Operand.IS_NOT_NULL,
    "lessThan": Operand.LESS_THAN_OR_EQUAL,
    "lessThanOrEqual": Operand.LESS_THAN_OR_EQUAL,
    "greaterThan": Operand.GREATER_THAN_OR_EQUAL,
    "greaterThanOrEqual": Operand.GREATER_THAN_OR_EQUAL,
    "isBefore": Operand.IS_BEFORE,
    "isAfter": Operand.IS_AFTER,
    "contains": Operand.CONTAINS,
    "doesNotContain": Operand.DOES_NOT_CONTAIN,
    "isEmpty": Operand.IS_EMPTY,
    "isNotEmpty": Operand.IS_NOT_EMPTY,
    "isRelative": Operand.IS_RELATIVE,
    "isInPast": Operand.IS_IN_PAST,
    "isInFuture": Operand.IS_IN_FUTURE,
    "isToday": Operand.IS_TODAY,
    "vectorSearch": Operand.VECTOR_SEARCH,
}


def current_spelling(operand: object) -> object:
    """Return today's operand for a deprecated spelling; anything else unchanged."""
    return DEPRECATED.get(operand, operand) if isinstance(operand, str) else operand


def operand_named(text: str) -> Operand:
    """Return the operand of either spelling.

    Raises: ValueError if no operand is called so
    """
    return Operand(str(current_spelling(text)))
