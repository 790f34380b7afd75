"""Formats of dates: a closed table of `%` directives, in English, the same on every machine.

The C library's own formatting stays out: it depends on the locale and lets a format ask for any width.
"""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ventuno.expressions.pipes.pipe import PipeValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT: Final = 3
_NOON: Final = 12

_DIRECTIVE: Final = re.compile(r"%-?.?", re.DOTALL)


def _hour12(moment: datetime) -> int:
    return moment.hour % _NOON or _NOON


def _offset(moment: datetime) -> str:
    seconds = (moment.utcoffset() or timedelta()).total_seconds()  # before 1900 not always whole minutes
    hours, minutes = divmod(int(abs(seconds)) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}{minutes:02d}"


DIRECTIVES: Final[Mapping[str, tuple[str, Callable[[datetime], str]]]] = {
    "%Y": ("year", lambda moment: f"{moment.year:04d}"),
    "%y": ("year, two digits", lambda moment: f"{moment.year % 100:02d}"),
    "%m": ("month, two digits", lambda moment: f"{moment.month:02d}"),
    "%-m": ("month", lambda moment: str(moment.month)),
    "%B": ("month's name", lambda moment: MONTHS[moment.month - 1]),
    "%b": ("month's short name", lambda moment: MONTHS[moment.month - 1][:_SHORT]),
    "%d": ("day, two digits", lambda moment: f"{moment.day:02d}"),
    "%-d": ("day", lambda moment: str(moment.day)),
    "%j": ("day of the year, three digits", lambda moment: f"{moment.timetuple().tm_yday:03d}"),
    "%A": ("weekday's name", lambda moment: DAYS[moment.weekday()]),
    "%a": ("weekday's short name", lambda moment: DAYS[moment.weekday()][:_SHORT]),
    "%u": ("weekday, Monday is 1", lambda moment: str(moment.isoweekday())),
    "%V": ("ISO week, two digits", lambda moment: f"{moment.isocalendar().week:02d}"),
    "%G": ("year of the ISO week", lambda moment: f"{moment.isocalendar().year:04d}"),
    "%H": ("hour, two digits", lambda moment: f"{moment.hour:02d}"),
    "%-H": ("hour", lambda moment: str(moment.hour)),
    "%I": ("hour of twelve, two digits", lambda moment: f"{_hour12(moment):02d}"),
    "%-I": ("hour of twelve", lambda moment: str(_hour12(moment))),
    "%p": ("AM or PM", lambda moment: "AM" if moment.hour < _NOON else "PM"),
    "%M": ("minute, two digits", lambda moment: f"{moment.minute:02d}"),
    "%S": ("second, two digits", lambda moment: f"{moment.second:02d}"),
    "%f": ("microsecond, six digits", lambda moment: f"{moment.microsecond:06d}"),
    "%z": ("offset from UTC, as +0100", _offset),
    "%Z": ("time zone's short name", lambda moment: moment.tzname() or ""),
    "%s": ("seconds since 1970", lambda moment: str(math.floor(moment.timestamp()))),
    "%%": ("a percent sign", lambda _moment: "%"),
}
"""What each directive stands for, and how it is written."""


def check_format(text: str) -> None:
    """Refuse directives that are not in the table. Raises: PipeValueError"""
    for written in _DIRECTIVE.findall(text):
        if written not in DIRECTIVES:
            known = " ".join(DIRECTIVES)
            raise PipeValueError(f"does not know {written} in its format; use {known}")


def written_in(moment: datetime, text: str) -> str:
    """Write a moment in a format that was checked."""
    return _DIRECTIVE.sub(lambda match: DIRECTIVES[match[0]][1](moment), text)
