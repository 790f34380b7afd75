"""The query parameters of calls; unknown ones are refused, a mistyped filter must not find everything.

Source: reference §10.6
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.filters.rest import parse_filter
from ventuno.records.budget import Budget
from ventuno.records.ordering import Direction, Sort
from ventuno.records.query import Query
from ventuno.runs.places import indexes_of, iteration_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ventuno.filters.condition import Condition

DEFAULT_LIMIT: Final = 60
MAX_LIMIT: Final = 200
BUDGET: Final = Budget(seconds=20)
"""The budget of a call: the gateway waits for 30 s, of which some are left to start and to answer."""

_SORT: Final = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:\[\s*(\w+)\s*\])?\s*", re.ASCII)
_WHOLE: Final = re.compile("[0-9]{1,9}", re.ASCII)
_ITERATION: Final = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,7}){0,20}", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}


def refuse_unknown(query: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse parameters that a call does not take. Raises: BadRequestError"""
    unknown = sorted(set(query) - set(known))
    if unknown:
        takes = ", ".join(known) or "none"
        raise errors.BadRequestError(f'"{unknown[0][:100]}" is no parameter of this call; it takes {takes}')


def query_of(query: Mapping[str, str]) -> Query:
    """Read filter, order_by, limit, cursors and count. Raises: BadRequestError, StepInputError"""
    return Query(
        filter_of(query),
        order_of(query.get("order_by", "")),
        limit_of(query, least=0),
        query.get("starting_after") or None,
        query.get("ending_before") or None,
        counted=flag(query, "count", default=True),
        budget=BUDGET,
    )


def filter_of(query: Mapping[str, str]) -> Condition | None:
    """Read a filter; an empty one is none. Raises: FilterSyntaxError"""
    text = query.get("filter", "").strip()
    return parse_filter(text) if text else None


def order_of(text: str) -> tuple[Sort, ...]:
    """Read `name[DescNullsLast],createdAt`. Raises: BadRequestError"""
    return tuple(_sort(part) for part in text.split(",")) if text.strip() else ()


def number(query: Mapping[str, str], name: str, least: int, most: int, default: int) -> int:
    """Read a whole number; nothing is the default. Raises: BadRequestError"""
    text = query.get(name, str(default))
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise errors.BadRequestError(f"{name} must be a whole number from {least} to {most}")
    return int(text)


def limit_of(query: Mapping[str, str], *, least: int = 1, most: int = MAX_LIMIT) -> int:
    """Read a page size. Raises: BadRequestError"""
    return number(query, "limit", least, most, DEFAULT_LIMIT)


def iteration(text: str | None) -> str:
    """Read an iteration, such as 3, or 3.0 of two loops; nothing is outside loops. Raises: BadRequestError"""
    if not text:
        return ""
    if not _ITERATION.fullmatch(text):
        raise errors.BadRequestError(f'"{text[:100]}" is no iteration; write 3, or 3.0 inside two loops')
    return iteration_of(indexes_of(text))


def depth_of(query: Mapping[str, str]) -> int:
    """Read how far relations are followed: 0 gives ids, 1 the records. Raises: BadRequestError"""
    text = query.get("depth", "0")
    if text not in {"0", "1"}:
        raise errors.BadRequestError("depth must be 0 (ids of related records) or 1 (the records themselves)")
    return int(text)


def flag(query: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """Read true or false. Raises: BadRequestError"""
    value = _BOOLEANS.get(query.get(name, str(default).lower()))
    if value is None:
        raise errors.BadRequestError(f"{name} must be true or false")
    return value


def _sort(text: str) -> Sort:
    found = _SORT.fullmatch(text)
    if found is None:
        raise errors.BadRequestError(
            f"order_by has {text[:50]!r}, where a field such as name[DescNullsLast] must stand"
        )
    direction = found[2] or Direction.ASC_NULLS_FIRST
    if direction not in set(Direction):
        raise errors.BadRequestError(
            f"order_by has the direction {direction[:50]} for {found[1]}; use one of {', '.join(Direction)}"
        )
    return Sort(tuple(found[1].split(".")), Direction(direction))
