"""Five-field cron as people write it: names, ranges, steps and lists.

When both day fields are restricted, a day that meets either counts; restricted is what is not `*` or `?`.
Source: reference §2.3; decisions, Triggers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MACROS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FIELDS: Final = 5
_LONGEST: Final = 1000  # characters; no five fields need more
_SUNDAY: Final = 7  # beside 0
_ANY: Final = ("*", "?")


class CronError(ValueError):
    """The text is no cron expression; the message says what to write."""


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One of the five fields: its name, its values and what else they may be called."""

    name: str
    low: int
    high: int
    names: Mapping[str, int]

    @property
    def every(self) -> frozenset[int]:
        """All values of the field."""
        return frozenset(range(self.low, self.high + 1))


def _named(first: int, names: str) -> dict[str, int]:
    return {name: first + index for index, name in enumerate(names.split())}


MINUTE: Final = FieldKind("minute", 0, 59, {})
HOUR: Final = FieldKind("hour", 0, 23, {})
DAY: Final = FieldKind("day of the month", 1, 31, {})
MONTH: Final = FieldKind("month", 1, 12, _named(1, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"))
WEEKDAY: Final = FieldKind("day of the week", 0, 6, _named(0, "SUN MON TUE WED THU FRI SAT"))


@dataclass(frozen=True, slots=True)
class Cron:
    """The values each field admits; weekdays count from 0, Sunday. A day field with all is not restricted."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    @property
    def any_day(self) -> bool:
        """Whether the day of the month is not restricted."""
        return self.days == DAY.every

    @property
    def any_weekday(self) -> bool:
        """Whether the day of the week is not restricted."""
        return self.weekdays == WEEKDAY.every

    def has(self, day: date) -> bool:
        """Whether a day is one of those on which it fires."""
        if day.month not in self.months:
            return False
        meets_day, meets_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return meets_day and meets_weekday
        return meets_day or meets_weekday


def parse_cron(text: str) -> Cron:
    """Read five fields, or one of the words that stand for them.

    Raises: CronError
    """
    if len(text) > _LONGEST:
        raise CronError(f"the expression is longer than {_LONGEST} characters")
    parts = MACROS.get(text.strip().lower(), text).split()
    if len(parts) == _FIELDS + 1:
        raise CronError("six fields: schedules have no seconds, so remove the first field")
    if len(parts) != _FIELDS:
        raise CronError(f"{len(parts)} fields: write minute, hour, day, month and weekday, e.g. 0 9 * * 1-5")
    minute, hour, day, month, weekday = parts
    days, weekdays = _days(day, weekday)
    return Cron(_values(MINUTE, minute), _values(HOUR, hour), days, _values(MONTH, month), weekdays)


def _days(day: str, weekday: str) -> tuple[frozenset[int], frozenset[int]]:
    """Read the day fields; when both are restricted and one holds every value, every day meets it."""
    days = _values(DAY, "*" if day in _ANY else day)
    weekdays = _values(WEEKDAY, "*" if weekday in _ANY else weekday)
    restricted = day not in _ANY and weekday not in _ANY
    if restricted and (days == DAY.every or weekdays == WEEKDAY.every):
        return DAY.every, WEEKDAY.every
    return days, weekdays


def _values(kind: FieldKind, text: str) -> frozenset[int]:
    return frozenset(value for part in text.split(",") for value in _part(kind, part))


def _part(kind: FieldKind, text: str) -> frozenset[int]:
    """Read `*`, a value or a range, each with or without a step; a value with a step runs to the end."""
    body, slash, step_text = text.partition("/")
    step = _step(kind, step_text) if slash else 1
    if body == "*":
        low, high = kind.low, kind.high
    elif "-" in body:
        low, high = _range(kind, body)
    else:
        low = _value(kind, body)
        high = kind.high if slash else low
    return frozenset(value % 7 if kind is WEEKDAY else value for value in range(low, high + 1, step))


def _step(kind: FieldKind, text: str) -> int:
    if not _is_number(text) or int(text) == 0:
        raise CronError(f'"{text}" is no step of the {kind.name}; write a number from 1')
    return int(text)


def _range(kind: FieldKind, text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    low, high = _value(kind, first), _value(kind, last)
    if kind is WEEKDAY and high == 0 < low:
        high = _SUNDAY
    if low > high:
        raise CronError(f'"{text}" runs backwards in the {kind.name}; write two ranges')
    return low, high


def _value(kind: FieldKind, text: str) -> int:
    named = kind.names.get(text.upper())
    if named is not None:
        return named
    most = _SUNDAY if kind is WEEKDAY else kind.high
    if not _is_number(text) or not kind.low <= int(text) <= most:
        names = f", or {', '.join(kind.names)}" if kind.names else ""
        raise CronError(f'"{text}" is no {kind.name}; write {kind.low} to {most}{names}')
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("0000")
