"""Right values of record filters read as text, number, list or ids; what cannot be read is refused."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import json_text, number_of, parse_json, string_of
from ventuno.filters.refusals import FilterValueError

if TYPE_CHECKING:
    from ventuno.expressions.undefined import Resolved
    from ventuno.filters.query.question import Question

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST_SHOWN: Final = 80


def text_of(question: Question) -> str:
    """Return the value as text; objects and arrays as JSON."""
    value = question.value
    return json_text(value) if isinstance(value, dict | list | tuple) else string_of(value)


def number_in(question: Question) -> float:
    """Return the value as a number, whole numbers as int.

    Raises: FilterValueError
    """
    return scaled_number_in(question, 1)


def scaled_number_in(question: Question, factor: int) -> float:
    """Return the value times `factor`, computed in decimals so that 1.005 becomes 1005000.

    Raises: FilterValueError
    """
    number = number_of(question.value)
    if not math.isfinite(number):
        raise unreadable(question, "a number")
    exact = Decimal(repr(number)) * factor
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def list_in(question: Question) -> list[str]:
    """Return the elements of a JSON array.

    Raises: FilterValueError
    """
    elements = _array(question.value)
    if elements is None:
        raise _refusal(question, 'needs a JSON array, like ["A", "B"]')
    return [string_of(element) for element in elements]


def list_or_single_in(question: Question) -> list[str]:
    """Return the elements of a JSON array, or one value alone."""
    elements = _array(question.value)
    return [text_of(question)] if elements is None else [string_of(element) for element in elements]


def record_ids_in(question: Question) -> list[str]:
    """Return the ids of the records the value names, without those that are no UUID."""
    value = question.value
    parsed = parse_json(value) if isinstance(value, str) else value
    if isinstance(parsed, dict) and "selectedRecordIds" in parsed:
        selected = parsed["selectedRecordIds"]
        members = [question.member_id] if parsed.get("isCurrentWorkspaceMemberSelected") is True else []
        named = [*(selected if isinstance(selected, list) else []), *members]
    elif isinstance(parsed, list | tuple):
        named = list(parsed)
    else:
        named = [parsed if isinstance(parsed, dict) else value]
    ids = (item.get("id") if isinstance(item, dict) else item for item in named)
    return list(dict.fromkeys(item for item in ids if isinstance(item, str) and _UUID.fullmatch(item)))


def unreadable(question: Question, wanted: str) -> FilterValueError:
    """Return the error of a value that is not what the field's type needs."""
    return _refusal(question, f"{text_of(question)[:_LONGEST_SHOWN]!r} is not {wanted}")


def _array(value: Resolved) -> list[Resolved] | None:
    parsed = parse_json(value) if isinstance(value, str) else value
    return list(parsed) if isinstance(parsed, list | tuple) else None


def _refusal(question: Question, reason: str) -> FilterValueError:
    return FilterValueError(f"The filter on {'.'.join(question.path)} cannot be used: {reason}.")
