"""SELECT, MULTI_SELECT and BOOLEAN: options by exact value; the empty option stands for null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import string_of
from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import equals, is_in, is_null, with_opposites
from ventuno.filters.query.reading import list_in, unreadable
from ventuno.filters.query.text import array_is_empty

if TYPE_CHECKING:
    from ventuno.filters.query.question import Question
_WORDS: Final = {"true": True, "false": False}


def _option_conditions(question: Question) -> list[Condition]:
    options = list_in(question)
    named = [option for option in options if option]
    conditions = [is_in(question.field(), named)] if named else []
    return [*conditions, is_null(question.field())] if "" in options else conditions


def _is_option(question: Question) -> Condition:
    conditions = _option_conditions(question)
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))


def _is_no_option(question: Question) -> Condition:
    conditions = [Not(condition) for condition in _option_conditions(question)]
    return conditions[0] if len(conditions) == 1 else And(tuple(conditions))


def _is_null(question: Question) -> Condition:
    return is_null(question.field())


def _has_any(question: Question) -> Condition:
    options = list_in(question)
    conditions = [_has_one_of(question, options)] if any(options) else []
    conditions += [array_is_empty(question)] if "" in options else []
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))


def _has_none(question: Question) -> Condition:
    """Ask for records without these options; those without any count too, unless "" is one of them."""
    options, path = list_in(question), question.field()
    if "" in options:
        return Not(_has_any(question))
    is_empty = Comparison(path, Operator.IS_EMPTY_ARRAY, value=True)
    return Or((Not(_has_one_of(question, options)), is_empty, is_null(path)))


def _has_one_of(question: Question, options: list[str]) -> Condition:
    named = tuple(option for option in options if option)
    return Comparison(question.field(), Operator.CONTAINS_ANY, named)


def _is_true(question: Question) -> Condition:
    truth = _WORDS.get(string_of(question.value))
    if truth is None:
        raise unreadable(question, "true or false")
    return equals(question.field(), truth)


SELECT: Final = with_opposites(
    {Operand.IS: _is_option, Operand.IS_NOT: _is_no_option, Operand.IS_EMPTY: _is_null}
)
MULTI_SELECT: Final = with_opposites(
    {
        Operand.CONTAINS: _has_any,
        Operand.DOES_NOT_CONTAIN: _has_none,
        Operand.IS_EMPTY: array_is_empty,
    }
)
# The reference compares with the value whatever the operand, so IS_NOT means IS.
BOOLEAN: Final = with_opposites({Operand.IS: _is_true, Operand.IS_NOT: _is_true, Operand.IS_EMPTY: _is_null})
