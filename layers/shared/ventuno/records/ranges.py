"""Ranges of one column within a condition, as bounds of sort keys that begin with the column's text.

A bound is made for keys `<text>#...`: no key equals one, so it does not matter whether it is included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ventuno.filters.condition import Comparison
from ventuno.records import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonValue

Span: TypeAlias = tuple[str | None, str | None]
"""The bounds of one stretch of a partition; None is no bound."""

_ENDS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "eq": {"low": layout.before_all_of, "high": layout.behind_all_of},
    "gt": {"low": layout.behind_all_of},
    "gte": {"low": layout.before_all_of},
    "lt": {"high": layout.before_all_of},
    "lte": {"high": layout.behind_all_of},
}
"""The bounds that each comparison sets."""


def between(
    needed: Sequence[Condition], column: str, text_of: Callable[[JsonValue], str | None]
) -> tuple[Span, list[Condition]]:
    """Return the bounds of a column that must hold, and the comparisons they prove."""
    proven: list[Condition] = []
    bounds: dict[str, list[str]] = {"low": [], "high": []}
    for member in needed:
        if not isinstance(member, Comparison) or member.path != (column,):
            continue
        ends, text = _ENDS.get(member.operator), text_of(member.value)
        if ends is None or text is None:
            continue
        for end, bound in ends.items():
            bounds[end].append(bound(text))
        proven.append(member)
    return (max(bounds["low"], default=None), min(bounds["high"], default=None)), proven


def exactly(text: str) -> Span:
    """Return the bounds of one value."""
    return layout.before_all_of(text), layout.behind_all_of(text)
