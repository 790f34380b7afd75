"""LIKE patterns: `%` is any text, `_` any character, a backslash takes the next character literally.

The pattern is cut at `%` into pieces of fixed length, which are searched from left to right,
so no pattern can make matching go back and forth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\\(.)|([%_])|([^\\%_]+|\\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Piece:
    pattern: re.Pattern[str]
    length: int


def like(text: str, pattern: str, *, ignore_case: bool = False) -> bool:
    """Tell whether the whole text matches the pattern."""
    first, *rest = _pieces(pattern, ignore_case)
    if not rest:
        return first.pattern.fullmatch(text) is not None
    *middle, last = rest
    if first.pattern.match(text) is None:
        return False
    position = first.length
    for piece in middle:
        found = piece.pattern.search(text, position)
        if found is None:
            return False
        position = found.end()
    end = len(text) - last.length
    return end >= position and last.pattern.fullmatch(text, end) is not None


@lru_cache(maxsize=256)
def _pieces(pattern: str, ignore_case: bool) -> tuple[_Piece, ...]:  # noqa: FBT001  a cache key has no names
    pieces: list[list[str]] = [[]]
    for escaped, wildcard, literal in _TOKEN.findall(pattern):
        if wildcard == "%":
            pieces.append([])
        else:
            pieces[-1] += ["."] if wildcard else [re.escape(character) for character in escaped or literal]
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else re.NOFLAG)
    return tuple(_Piece(re.compile("".join(piece), flags), len(piece)) for piece in pieces)
