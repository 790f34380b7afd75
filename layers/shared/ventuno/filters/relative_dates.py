"""Relative dates: windows of whole calendar periods around now, half-open `[start, end)`.

PAST and NEXT leave the current period out; THIS is the current period alone.
Whatever does not parse exactly is None, so that a filter with a bad value matches nothing.

Source: reference §6.2.2, and §6.3 for the `PAST_7_DAY;;zone;;MONDAY;;` form
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, Literal, get_args

from ventuno.expressions.instants import zone_named
from ventuno.expressions.javascript import parse_json

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

Direction = Literal["PAST", "THIS", "NEXT"]
Unit = Literal["SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]

_WEEK_STARTS: Final = {"MONDAY": 0, "SATURDAY": 5, "SUNDAY": 6}
_SECONDS: Final = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}
_DAYS: Final = {"DAY": 1, "WEEK": 7}
_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_MONTHS_A_YEAR: Final = 12
_MOST_DIGITS: Final = 9
_COMPACT: Final = re.compile(
    rf"(?P<direction>{'|'.join(get_args(Direction))})"
    rf"(?:_(?P<amount>[0-9]{{1,{_MOST_DIGITS}}}))?"
    rf"_(?P<unit>{'|'.join(get_args(Unit))})"
    r"(?:;;(?P<timezone>[^;]*))?(?:;;(?P<firstDayOfTheWeek>[^;]*))?(?:;;)?"
)


@dataclass(frozen=True, slots=True)
class RelativeDate:
    """A window relative to now; `week_start` counts from Monday, 0."""

    direction: str
    unit: str
    amount: int = 1
    timezone: str = "UTC"
    week_start: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Instants from `start` on, before `end`."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the instant lies in the window."""
        return self.start <= moment < self.end


def parse_relative(text: str) -> RelativeDate | None:
    """Read the JSON form that step filters store."""
    parsed = parse_json(text)
    return _relative(parsed) if isinstance(parsed, dict) else None


def parse_compact(text: str) -> RelativeDate | None:
    """Read the compact form that record filters store."""
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    written: dict[str, JsonValue] = {key: part for key, part in match.groupdict().items() if part}
    if match["amount"]:
        written["amount"] = int(match["amount"])
    return _relative(written)


def window_of(relative: RelativeDate, now: datetime, zone: tzinfo = UTC) -> Window | None:
    """Compute the window in a time zone; None if it lies outside the calendar."""
    try:
        current = _period_start(now.astimezone(zone), relative)
        following = _shifted(current, relative.unit, 1)
        if relative.direction == "THIS":
            return Window(current, following)
        if relative.direction == "PAST":
            return Window(_shifted(current, relative.unit, -relative.amount), current)
        return Window(following, _shifted(following, relative.unit, relative.amount))
    except (ValueError, OverflowError):
        return None


def zone_of(relative: RelativeDate) -> tzinfo | None:
    """Return the time zone it names; None if there is no such zone."""
    return zone_named(relative.timezone)


def _relative(written: dict[str, JsonValue]) -> RelativeDate | None:
    direction, unit = written.get("direction"), written.get("unit")
    if direction not in get_args(Direction) or unit not in get_args(Unit):
        return None
    amount = _amount(written.get("amount", 1 if direction == "THIS" else None))
    week_start = _week_start(written.get("firstDayOfTheWeek", "MONDAY"))
    timezone = written.get("timezone", "UTC")
    if amount is None or week_start is None or not isinstance(timezone, str):
        return None
    return RelativeDate(str(direction), str(unit), amount, timezone, week_start)


def _amount(value: JsonValue) -> int | None:
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    return int(value) if whole and isinstance(value, int | float) and 0 < value < 10**_MOST_DIGITS else None


def _week_start(value: JsonValue) -> int | None:
    return _WEEK_STARTS.get(value) if isinstance(value, str) else None


def _period_start(local: datetime, relative: RelativeDate) -> datetime:
    if relative.unit in _SECONDS:
        second = local.second if relative.unit == "SECOND" else 0
        minute = 0 if relative.unit == "HOUR" else local.minute
        return local.replace(minute=minute, second=second, microsecond=0)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if relative.unit in _DAYS:
        past = (midnight.weekday() - relative.week_start) % 7 if relative.unit == "WEEK" else 0
        return midnight - timedelta(days=past)
    months = _MONTHS[relative.unit]
    return midnight.replace(day=1, month=(midnight.month - 1) // months * months + 1)


def _shifted(start: datetime, unit: str, count: int) -> datetime:
    """Move by whole periods: hours and less by elapsed time, days and more by the local calendar."""
    if unit in _SECONDS:
        moved = start.astimezone(UTC) + timedelta(seconds=_SECONDS[unit] * count)
        return moved.astimezone(start.tzinfo)
    if unit in _DAYS:
        return start + timedelta(days=_DAYS[unit] * count)
    months = start.year * _MONTHS_A_YEAR + start.month - 1 + _MONTHS[unit] * count
    return start.replace(year=months // _MONTHS_A_YEAR, month=months % _MONTHS_A_YEAR + 1)
