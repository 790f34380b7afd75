"""Pipes on numbers; the text of a number is taken too, because forms and query strings send text."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import number_of, trimmed_text
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipes.pipe import Example, Gives, Parameter, PipeValueError, pipe

if TYPE_CHECKING:
    from ventuno.expressions.pipes.pipe import Step

_NUMERIC: Final = (Kind.NUMBER, Kind.TEXT)
_NUMERAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MOST_PLACES: Final = 15  # a double has no more
_EXACT: Final = Context(prec=400, rounding=ROUND_HALF_UP)  # the longest double has 309 digits
_LARGEST_EXACT: Final = 2**53


@pipe(
    "number",
    gives=Gives.NUMBER,
    takes=_NUMERIC,
    examples=[Example("{{trigger.price | number}}", 12.5), Example('{{" 1e3 " | number}}', 1000)],
)
def number() -> Step:
    """Read text as a number: digits, a decimal point, a sign, an exponent; anything else is an error."""
    return _number


@pipe(
    "round",
    Parameter("n", Kind.NUMBER, default=0),
    gives=Gives.NUMBER,
    takes=_NUMERIC,
    examples=[
        Example("{{2.5 | round}}", 3),
        Example("{{1.005 | round(2)}}", 1.01),
        Example("{{1234 | round(-2)}}", 1200),
    ],
)
def rounded(places: float) -> Step:
    """Round to `n` decimal places; halves are rounded away from zero."""
    if places != places // 1 or abs(places) > _MOST_PLACES:
        raise PipeValueError(f"needs a whole number from -{_MOST_PLACES} to {_MOST_PLACES} as n")
    unit = Decimal(1).scaleb(-int(places))
    return lambda value: _plain(Decimal(repr(_number(value))).quantize(unit, context=_EXACT))


def _number(value: str | float) -> float:
    if isinstance(value, str):
        value = trimmed_text(value)
        if not _NUMERAL.fullmatch(value):
            raise PipeValueError("takes a number or its text, like 12.50, and this text is none")
    converted = number_of(value)
    if not math.isfinite(converted):
        raise PipeValueError("was given a number that is too large")
    return _plain(Decimal(repr(converted)))


def _plain(exact: Decimal) -> float:
    """Return whole numbers as int, as JSON writes them."""
    whole = exact == exact.to_integral_value() and abs(exact) <= _LARGEST_EXACT
    return int(exact) if whole else float(exact)
