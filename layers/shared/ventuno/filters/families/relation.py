"""Ids: strict equality; a record stands for its id, and a JSON array is never one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.undefined import UNDEFINED
from ventuno.filters.equality import strictly_equal
from ventuno.filters.families.family import Family, is_blank, negated
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved


def _id_of(value: Resolved) -> Resolved:
    return value.get("id", UNDEFINED) if isinstance(value, dict) else value


def _is(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return strictly_equal(left, right)


def _is_record(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return strictly_equal(_id_of(left), _id_of(right))


def _is_no_record(left: Resolved, right: Resolved, now: datetime) -> bool:
    return is_blank(_id_of(left), right, now)


UUID: Final = Family(
    "uuid",
    {
        Operand.IS: _is,
        Operand.IS_NOT: negated(_is),
        Operand.IS_EMPTY: is_blank,
        Operand.IS_NOT_EMPTY: negated(is_blank),
    },
)
RELATION: Final = Family(
    "relation",
    {
        Operand.IS: _is_record,
        Operand.IS_NOT: negated(_is_record),
        Operand.IS_EMPTY: _is_no_record,
        Operand.IS_NOT_EMPTY: negated(_is_no_record),
    },
)
