"""One record filter with its value resolved, and the rules that turn it into a condition.

`None` from a rule means that the value names nothing to compare with; the caller must not read it as "all".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ventuno.expressions.javascript import parse_json
from ventuno.expressions.undefined import UNDEFINED
from ventuno.filters.condition import Comparison, Condition, Not, Operator, pattern_containing
from ventuno.filters.operands import VALUELESS, Operand
from ventuno.filters.refusals import UnsupportedOperandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

    Rule: TypeAlias = Callable[["Question"], Condition | None]
    Rules: TypeAlias = Mapping[Operand, Rule]


@dataclass(frozen=True, slots=True)
class Question:
    """What a filter asks of the field at `path`; `sub_field` narrows a composite to one part."""

    path: tuple[str, ...]
    operand: Operand
    value: Resolved
    now: datetime
    sub_field: str | None = None
    member_id: str | None = None

    def is_blank(self) -> bool:
        """Whether the operand expects a value and there is none; "0", "false" and spaces are values."""
        return self.operand not in VALUELESS and _is_nothing(self.value)

    def field(self, part: str | None = None) -> tuple[str, ...]:
        """Return the path of the field, or of a part of it."""
        return (*self.path, part) if part else self.path


def _is_nothing(value: Resolved) -> bool:
    if isinstance(value, str) and value.startswith("["):
        return parse_json(value) == []
    return value is None or value is UNDEFINED or value in ("", [], ())


_OPPOSITES: Final = {
    Operand.IS_NOT: Operand.IS,
    Operand.DOES_NOT_CONTAIN: Operand.CONTAINS,
    Operand.IS_NOT_EMPTY: Operand.IS_EMPTY,
}


def with_opposites(rules: Rules) -> Rules:
    """Add IS_NOT, DOES_NOT_CONTAIN and IS_NOT_EMPTY as plain negations where they are not given."""
    missing = {
        opposite: _negation(rules[operand])
        for opposite, operand in _OPPOSITES.items()
        if operand in rules and opposite not in rules
    }
    return {**rules, **missing}


def answer(name: str, rules: Rules, question: Question) -> Condition | None:
    """Apply the rule of the question's operand.

    Raises: UnsupportedOperandError
    """
    rule = rules.get(question.operand)
    if rule is None:
        raise UnsupportedOperandError(question.operand, name)
    return rule(question)


def is_null(path: tuple[str, ...]) -> Condition:
    """Ask whether nothing is stored."""
    return Comparison(path, Operator.IS, "NULL")


def equals(path: tuple[str, ...], value: JsonValue) -> Condition:
    """Ask for one value."""
    return Comparison(path, Operator.EQ, value)


def is_in(path: tuple[str, ...], values: Iterable[str]) -> Condition:
    """Ask for one of several values."""
    return Comparison(path, Operator.IN, tuple(values))


def has_text(path: tuple[str, ...], text: str) -> Condition:
    """Ask for a part of the text, ignoring case."""
    return Comparison(path, Operator.ILIKE, pattern_containing(text))


def has_json_text(path: tuple[str, ...], text: str) -> Condition:
    """Ask for a part of a value's JSON text, case-sensitive."""
    return Comparison(path, Operator.LIKE, pattern_containing(text))


def _negation(rule: Rule) -> Rule:
    def opposite(question: Question) -> Condition | None:
        condition = rule(question)
        return None if condition is None else Not(condition)

    return opposite
