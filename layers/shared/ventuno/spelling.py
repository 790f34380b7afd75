"""Suggestions for mistyped names, of bounded cost: what is compared comes from outside."""

from __future__ import annotations

from difflib import get_close_matches
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# A comparison costs the product of the lengths, and every finding may ask for one.
_LONGEST_COMPARED: Final = 100
_MOST_COMPARED: Final = 500


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Suggest the known name closest to a mistyped one, or None when nothing is close."""
    if len(name) > _LONGEST_COMPARED:
        return None
    short = (each for each in known if len(each) <= _LONGEST_COMPARED)
    similar = nsmallest(_MOST_COMPARED, short, key=lambda each: (abs(len(each) - len(name)), each))
    matches = get_close_matches(name, similar, n=1, cutoff=0.6)
    return matches[0] if matches else None


def meant(name: str, known: Iterable[str]) -> str:
    """Return " (did you mean x?)" for the closest known name, or nothing."""
    closest = nearest(name, known)
    return f" (did you mean {closest}?)" if closest else ""
