"""Strict JSON: what comes in from outside is a value that every store holds and gives back unchanged.

Refused: a key twice in one object, numbers that are not finite, text that is not Unicode, deep nesting.
Every refusal is a ValueError with a sentence.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

MAX_DEPTH = 100


def parse(text: str | bytes) -> JsonValue:
    """Parse JSON text. Raises: ValueError"""
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=_unambiguous)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    except ValueError as error:
        if str(error).startswith("Exceeds the limit"):  # in Python's words, which name a setting of Python
            raise ValueError("a whole number has too many digits") from error
        raise
    check(value)
    return value


def check(value: Any) -> None:  # noqa: ANN401 - whatever a parser made
    """Refuse a value that JSON text cannot carry. Raises: ValueError"""
    if _deeper_than(value, MAX_DEPTH):
        raise ValueError(_TOO_DEEP)
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a surrogate pair, which is no character") from error
    except ValueError as error:
        raise ValueError("a number is too large, or is NaN or Infinity, which JSON does not have") from error
    except TypeError as error:
        raise ValueError(f"{error}; write it in quotes") from error


_TOO_DEEP = f"it is nested deeper than {MAX_DEPTH} levels"


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; a key written twice would silently lose one of its values."""
    built = dict(pairs)
    if len(built) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f'the key "{twice}" stands twice in one object')
    return built


def _deeper_than(value: Any, levels: int) -> bool:  # noqa: ANN401 - whatever a parser made
    layer: list[Any] = [value]
    for _ in range(levels):
        layer = [
            member
            for item in layer
            if isinstance(item, dict | list)
            for member in (item.values() if isinstance(item, dict) else item)
        ]
        if not layer:
            return False
    return True
