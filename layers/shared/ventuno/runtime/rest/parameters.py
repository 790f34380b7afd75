"""The query parameters of record calls; unknown ones are refused, a mistyped filter must not find everything.

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

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ventuno.filters.condition import Condition

DEFAULT_LIMIT: Final = 60
MAX_LIMIT: Final = 200
BUDGET: Final = Budget(seconds=20)
"""The budget of a call: the gateway waits for 30 s, of which some are left to start and to answer."""

_SORT: Final = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:\[\s*(\w+)\s*\])?\s*", re.ASCII)
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
        limit_of(query.get("limit")),
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


def limit_of(text: str | None) -> int:
    """Read a page size. Raises: BadRequestError"""
    if text is None or text == "":
        return DEFAULT_LIMIT
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) > MAX_LIMIT:
        raise errors.BadRequestError(f"limit must be a whole number from 0 to {MAX_LIMIT}")
    return int(text)


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
