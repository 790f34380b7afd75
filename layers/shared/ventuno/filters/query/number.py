"""NUMBER, CURRENCY and RATING: numeric comparison; authors write amounts in units, records hold micros."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ventuno.filters.condition import Comparison, Condition, Operator, Or
from ventuno.filters.families.rating import rank_of
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import equals, is_in, is_null, with_opposites
from ventuno.filters.query.reading import list_in, number_in, scaled_number_in, unreadable

if TYPE_CHECKING:
    from ventuno.filters.query.question import Question, Rule

_MICROS: Final = 1_000_000
_AMOUNT: Final = "amountMicros"
_CODE: Final = "currencyCode"
_RATINGS: Final = tuple(f"RATING_{rank}" for rank in range(1, 6))


def _number(operator: Operator) -> Rule:
    return lambda question: Comparison(question.field(), operator, number_in(question))


def _amount(operator: Operator) -> Rule:
    def rule(question: Question) -> Condition:
        return Comparison(question.field(_AMOUNT), operator, scaled_number_in(question, _MICROS))

    return rule


def _is_empty(question: Question) -> Condition:
    return is_null(question.field())


def _has_no_amount(question: Question) -> Condition:
    """Ask for no amount; also the meaning of an empty currency code."""
    return Or((is_null(question.field(_AMOUNT)),))


def _is_currency(question: Question) -> Condition:
    return is_in(question.field(_CODE), list_in(question))


def _rank(question: Question) -> int:
    rank = rank_of(question.value)
    if math.isnan(rank) or rank != rank // 1:
        raise unreadable(question, "a rating from 1 to 5")
    return int(rank)


def _is_rating(question: Question) -> Condition:
    return equals(question.field(), f"RATING_{_rank(question)}")


def _is_at_least(question: Question) -> Condition:
    return is_in(question.field(), _RATINGS[max(_rank(question) - 1, 0) :])


def _is_at_most(question: Question) -> Condition:
    return is_in(question.field(), _RATINGS[: max(_rank(question), 0)])


NUMBER: Final = with_opposites(
    {
        Operand.IS: _number(Operator.EQ),
        Operand.GREATER_THAN_OR_EQUAL: _number(Operator.GTE),
        Operand.LESS_THAN_OR_EQUAL: _number(Operator.LTE),
        Operand.IS_EMPTY: _is_empty,
    }
)
CURRENCY_AMOUNT: Final = with_opposites(
    {
        Operand.IS: _amount(Operator.EQ),
        Operand.GREATER_THAN_OR_EQUAL: _amount(Operator.GTE),
        Operand.LESS_THAN_OR_EQUAL: _amount(Operator.LTE),
        Operand.IS_EMPTY: _has_no_amount,
    }
)
CURRENCY_CODE: Final = with_opposites({Operand.IS: _is_currency, Operand.IS_EMPTY: _has_no_amount})
RATING: Final = with_opposites(
    {
        Operand.IS: _is_rating,
        Operand.GREATER_THAN_OR_EQUAL: _is_at_least,
        Operand.LESS_THAN_OR_EQUAL: _is_at_most,
        Operand.IS_EMPTY: _is_empty,
    }
)
