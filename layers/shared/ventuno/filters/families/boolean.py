"""Booleans: only the exact texts "true" and "false" convert; null is not false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.equality import strictly_equal
from ventuno.filters.families.family import Family
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved

_WORDS: Final = {"true": True, "false": False}


def _truth(value: Resolved) -> Resolved:
    return _WORDS.get(value, value) if isinstance(value, str) else value


def _is(left: Resolved, right: Resolved, _now: datetime) -> bool:
    return strictly_equal(_truth(left), _truth(right))


BOOLEAN: Final = Family("boolean", {Operand.IS: _is})
