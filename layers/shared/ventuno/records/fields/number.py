"""NUMBER: a finite number; whole numbers are always `int`, so that all stores give back the same value."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

# DynamoDB keeps 38 digits and magnitudes from 1E-130; these bounds are inside both, and beyond any amount.
_TOO_LARGE = 10**38
_TOO_SMALL = 1e-100

_DIGITS = Context(prec=38)  # the usual context rounds to 28, and makes two numbers one
_EXPONENTS = 500  # is added to exponents, which have three digits then whatever their sign
_TURNED = str.maketrans("0123456789", "9876543210")

_NUMERAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_INTEGER = 100  # characters; longer ones are out of bounds whichever way they are read


class NumberType(FieldType):
    """An integer or a floating-point number; text is refused even when it reads like a number."""

    wire_name: ClassVar[str] = "NUMBER"
    ordered: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Turn whole floats into integers.

        Raises: FieldValueError
        """
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise expected("a number", value)
        # A NaN compares false with everything, so the bounds are written to be true for good numbers only.
        if not (value == 0 or _TOO_SMALL <= abs(value) < _TOO_LARGE):
            raise FieldValueError("must be 0 or a number of a size between 1e-100 and 1e38")
        return _whole(value) if isinstance(value, float) else value

    def comparable(self, value: JsonValue) -> JsonValue:
        """Read a number out of text, as addresses and templates bring it.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            return value
        if not _NUMERAL.fullmatch(value.strip()):
            raise FieldValueError("must be compared with a number")
        return self.normalise(int(value) if _is_short_integer(value) else float(value))

    def key_text(self, value: JsonValue) -> str | None:
        """Write the number without exponent sign or trailing zeros, so 1 and 1.0 are one key."""
        return None if value is None else format(Decimal(repr(value)).normalize(_DIGITS), "f")

    def order_text(self, value: JsonValue) -> str:
        """Write sign, magnitude and digits; those of negative numbers are turned round."""
        number = Decimal(repr(value)).normalize(_DIGITS)
        if not number:
            return "1"
        negative, digits, exponent = number.as_tuple()
        text = f"{_EXPONENTS + int(exponent) + len(digits):03}{''.join(map(str, digits))}"
        return f"0{text.translate(_TURNED)}~" if negative else f"2{text}"


def _is_short_integer(text: str) -> bool:
    return text.strip().lstrip("+-").isdigit() and len(text) < _LONGEST_INTEGER


def _whole(value: float) -> int | float:
    return int(Decimal(repr(value))) if value.is_integer() else value
