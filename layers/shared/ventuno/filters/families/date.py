"""Dates and date-times: instants in UTC; a left value that is no ISO date is only ever empty or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.instants import parse_instant
from ventuno.filters.families.family import Family, is_blank, negated
from ventuno.filters.operands import Operand
from ventuno.filters.relative_dates import parse_relative, window_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ventuno.expressions.undefined import Resolved
    from ventuno.filters.families.family import Rule


def _between_dates(compare: Callable[[datetime, datetime], bool]) -> Rule:
    def rule(left: Resolved, right: Resolved, _now: datetime) -> bool:
        moment, other = parse_instant(left), parse_instant(right)
        return moment is not None and other is not None and compare(moment, other)

    return rule


def _against_now(compare: Callable[[datetime, datetime], bool]) -> Rule:
    def rule(left: Resolved, _right: Resolved, now: datetime) -> bool:
        moment = parse_instant(left)
        return moment is not None and compare(moment, now)

    return rule


def _is_relative(left: Resolved, right: Resolved, now: datetime) -> bool:
    """Compare with a window in UTC, whatever zone the value names."""
    moment = parse_instant(left)
    relative = parse_relative(right) if isinstance(right, str) else None
    window = window_of(relative, now) if relative else None
    return moment is not None and window is not None and window.holds(moment)


def _is_date(left: Resolved) -> bool:
    return parse_instant(left) is not None


DATE: Final = Family(
    "date",
    {
        Operand.IS: _between_dates(lambda moment, other: moment.date() == other.date()),
        Operand.IS_BEFORE: _between_dates(lambda moment, other: moment < other),
        Operand.IS_AFTER: _between_dates(lambda moment, other: moment > other),
        Operand.IS_IN_PAST: _against_now(lambda moment, now: moment < now),
        Operand.IS_IN_FUTURE: _against_now(lambda moment, now: moment > now),
        Operand.IS_TODAY: _against_now(lambda moment, now: moment.date() == now.date()),
        Operand.IS_RELATIVE: _is_relative,
        Operand.IS_EMPTY: is_blank,
        Operand.IS_NOT_EMPTY: negated(is_blank),
    },
    judges=_is_date,
)
