"""The table from field types and sub-fields to the rules that turn a record filter into a condition.

Source: reference §6.3
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.query.actor import ACTOR, ACTOR_MEMBER, ACTOR_SOURCE
from ventuno.filters.query.choice import BOOLEAN, MULTI_SELECT, SELECT
from ventuno.filters.query.composite import COMPOSITES, COUNTRY, PHONE_NUMBER, PHONES
from ventuno.filters.query.date import DATE, DATE_TIME
from ventuno.filters.query.number import CURRENCY_AMOUNT, CURRENCY_CODE, NUMBER, RATING
from ventuno.filters.query.question import Question, answer
from ventuno.filters.query.relation import RELATION, UUID
from ventuno.filters.query.text import ARRAY, JSON, TEXT, TS_VECTOR
from ventuno.filters.refusals import UnsupportedOperandError

if TYPE_CHECKING:
    from ventuno.filters.condition import Condition
    from ventuno.filters.operands import Operand
    from ventuno.filters.query.question import Rules

_BY_TYPE: Final[dict[str, Rules]] = {
    "TEXT": TEXT,
    "RAW_JSON": JSON,
    "FILES": JSON,
    "ARRAY": ARRAY,
    "TS_VECTOR": TS_VECTOR,
    "NUMBER": NUMBER,
    "NUMERIC": NUMBER,
    "CURRENCY": CURRENCY_AMOUNT,
    "RATING": RATING,
    "DATE": DATE,
    "DATE_TIME": DATE_TIME,
    "SELECT": SELECT,
    "MULTI_SELECT": MULTI_SELECT,
    "BOOLEAN": BOOLEAN,
    "RELATION": RELATION,
    "UUID": UUID,
    "ACTOR": ACTOR,
    **{name: composite.rules() for name, composite in COMPOSITES.items()},
    "PHONES": PHONES,
}
_BY_PART: Final[dict[tuple[str, str], Rules]] = {
    **{
        (name, part): composite.part_rules(part)
        for name, composite in COMPOSITES.items()
        for part in composite.kinds
    },
    ("ADDRESS", "addressCountry"): COUNTRY,
    ("PHONES", "primaryPhoneNumber"): PHONE_NUMBER,
    ("CURRENCY", "amountMicros"): CURRENCY_AMOUNT,
    ("CURRENCY", "currencyCode"): CURRENCY_CODE,
    ("ACTOR", "name"): ACTOR,
    ("ACTOR", "source"): ACTOR_SOURCE,
    ("ACTOR", "workspaceMemberId"): ACTOR_MEMBER,
}


def condition_of(field_type: str, question: Question) -> Condition | None:
    """Turn a question into a condition; None if its value names nothing to compare with.

    Raises: UnsupportedOperandError, FilterValueError
    """
    rules = rules_for(field_type, question.sub_field)
    if rules is None:
        raise UnsupportedOperandError(question.operand, _name(field_type, question.sub_field))
    if question.is_blank():
        return None
    return answer(_name(field_type, question.sub_field), rules, question)


def rules_for(field_type: str, sub_field: str | None) -> Rules | None:
    """Return the rules of a type or of one of its parts; None if no filter can ask it."""
    return _BY_PART.get((field_type, sub_field)) if sub_field else _BY_TYPE.get(field_type)


def query_types() -> list[tuple[str, str | None]]:
    """List the types that record filters can ask, each alone and then with its sub-fields."""
    parts = sorted(_BY_PART)
    return [
        pair
        for kind in sorted(_BY_TYPE)
        for pair in ((kind, None), *(each for each in parts if each[0] == kind))
    ]


def query_operands(field_type: str, sub_field: str | None = None) -> frozenset[Operand]:
    """Return the operands that a record filter on this type may use."""
    return frozenset(rules_for(field_type, sub_field) or ())


def _name(field_type: str, sub_field: str | None) -> str:
    return f"{field_type}.{sub_field}" if sub_field else field_type
