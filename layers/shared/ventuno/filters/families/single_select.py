"""Options: substring semantics as for text, so "NEW_LEAD" is "NEW"; arrays on the right mean any of them."""

from __future__ import annotations

from typing import Final

from ventuno.filters.families.family import Family, lacks_text, negated
from ventuno.filters.families.text import contains
from ventuno.filters.operands import Operand

_RULES: Final = {
    Operand.IS: contains,
    Operand.IS_NOT: negated(contains),
    Operand.IS_EMPTY: lacks_text,
    Operand.IS_NOT_EMPTY: negated(lacks_text),
}

SELECT: Final = Family("select", _RULES)
CURRENCY_CODE: Final = Family("currency", _RULES)
