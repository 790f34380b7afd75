"""JavaScript's conversions between values, numbers and text, on which the reference's results depend.

No function here raises for a JSON value, however deep or large: nesting is walked with explicit stacks.
"""

from __future__ import annotations

import math
import re
from json import JSONDecoder, dumps
from typing import TYPE_CHECKING, Final, NoReturn

from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.expressions.undefined import Resolved, Undefined
    from ventuno.json_value import JsonValue

SPACE: Final = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""JavaScript's white space, as the inside of a character class."""

_SPACES: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)

_LARGEST_SAFE_INTEGER: Final = 2**53
_PLAIN_DIGITS: Final = 21  # integers of more digits are written with an exponent
_PLAIN_ZEROS: Final = -6  # fractions below 1e-6 too
_DECIMAL: Final = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_RADIX: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+")
_JSON_STARTS: Final = frozenset('{["-0123456789tfn \t\n\r')
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def number_text(number: float) -> str:
    """Write a number as JavaScript does: the shortest digits that read back as the same double."""
    if isinstance(number, int) and -_LARGEST_SAFE_INTEGER <= number <= _LARGEST_SAFE_INTEGER:
        return str(number)
    double = _double(number)
    if math.isnan(double):
        return "NaN"
    sign = "-" if double < 0 else ""
    return f"{sign}{_positive_text(abs(double))}"


def json_text(value: JsonValue) -> str:
    """Write a value as `JSON.stringify` does: compact, numbers by `number_text`, no escapes beyond need."""
    pieces: list[str] = []
    todo: list[tuple[bool, JsonValue]] = [(False, value)]
    while todo:
        written, item = todo.pop()
        if written:
            pieces.append(str(item))
        elif isinstance(item, dict):
            todo.extend(reversed(_object_pieces(item)))
        elif isinstance(item, list | tuple):
            todo.extend(reversed(_array_pieces(item)))
        else:
            pieces.append(_scalar_json(item))
    return "".join(pieces)


def parse_json(text: str) -> JsonValue | Undefined:
    """Read JSON as `JSON.parse` does; UNDEFINED if the text is not JSON."""
    if (
        text[:1] not in _JSON_STARTS
    ):  # most texts that filters compare with; an exception costs ten times this
        return UNDEFINED
    try:
        value: JsonValue = _DECODER.decode(text)
    except (ValueError, RecursionError):  # a depth the parser refuses is text like any other
        return UNDEFINED
    return value


def string_of(value: Resolved) -> str:
    """Convert like `String(value)`: arrays join their elements with commas, objects lose their content."""
    pieces: list[str] = []
    todo: list[Resolved] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, list | tuple):
            todo.extend(reversed(_joined(item)))
        else:
            pieces.append(_scalar_text(item))
    return "".join(pieces)


def text_of(value: Resolved) -> str:
    """Convert as a token between other text does: text as it is, lists and objects as JSON."""
    return json_text(value) if isinstance(value, dict | list | tuple) else string_of(value)


def length_of(value: str | Sequence[JsonValue]) -> int:
    """Count as JavaScript's `length` does: text in UTF-16 units."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(value, str) else len(value)


def trimmed_text(text: str) -> str:
    """Remove white space at both ends, as `trim` does."""
    return text.strip(_SPACES)


def number_of(value: Resolved) -> float:
    """Convert like `Number(value)`; what is not a number is NaN."""
    if value is UNDEFINED:
        return math.nan
    if value is None:
        return 0.0
    if isinstance(value, int | float):
        return _double(value)
    return _number_from_text(string_of(value))


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads although JSON has no such words."""
    raise ValueError(constant)


_DECODER: Final = JSONDecoder(parse_constant=_refuse)


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _positive_text(double: float) -> str:
    if math.isinf(double):
        return "Infinity"
    mantissa, _, exponent = repr(double).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    significant = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(significant)
    return _laid_out(significant.rstrip("0"), point) if significant else "0"


def _laid_out(digits: str, point: int) -> str:
    """Place the decimal point.

    Source: ECMA-262, Number::toString
    """
    if len(digits) <= point <= _PLAIN_DIGITS:
        return digits.ljust(point, "0")
    if 0 < point <= _PLAIN_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if _PLAIN_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def _scalar_json(value: JsonValue) -> str:
    if isinstance(value, str):
        text = dumps(value, ensure_ascii=False)
        return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if isinstance(value, int | float) and not math.isfinite(_double(value)):
        return "null"
    return _scalar_text(value)


def _object_pieces(value: dict[str, JsonValue]) -> list[tuple[bool, JsonValue]]:
    pieces: list[tuple[bool, JsonValue]] = [(True, "{")]
    for position, (key, member) in enumerate(value.items()):
        pieces += [(True, f"{',' if position else ''}{_scalar_json(key)}:"), (False, member)]
    return [*pieces, (True, "}")]


def _array_pieces(value: list[JsonValue] | tuple[JsonValue, ...]) -> list[tuple[bool, JsonValue]]:
    pieces: list[tuple[bool, JsonValue]] = [(True, "[")]
    for position, member in enumerate(value):
        pieces += [(True, "," if position else ""), (False, member)]
    return [*pieces, (True, "]")]


def _joined(value: list[JsonValue] | tuple[JsonValue, ...]) -> list[JsonValue]:
    pieces: list[JsonValue] = []
    for position, member in enumerate(value):
        pieces += ["," if position else "", "" if member is None else member]
    return pieces


def _scalar_text(value: Resolved) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, int | float) else "[object Object]"


def _number_from_text(text: str) -> float:
    trimmed = trimmed_text(text)
    if not trimmed:
        return 0.0
    if _RADIX.fullmatch(trimmed):
        return _double(int(trimmed, 0))
    if not _DECIMAL.fullmatch(trimmed):
        return math.nan
    return float(trimmed)
