"""Pipes on dates and instants: ISO 8601 text in, formatted or shifted text out.

Text without an offset is UTC, as everywhere. A date alone is a calendar day: no time zone moves it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from ventuno.expressions.instants import instant_text, is_day, parse_instant, zone_named
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipes.date_format import check_format, written_in
from ventuno.expressions.pipes.pipe import Example, Gives, Parameter, PipeValueError, pipe

if TYPE_CHECKING:
    from ventuno.expressions.pipes.pipe import Step

_LARGEST: Final = {"days": 400_000, "hours": 10_000_000, "minutes": 600_000_000}  # about a thousand years
_ZONE: Final = Parameter("tz", default="UTC")


@pipe(
    "date",
    Parameter("format", default="%Y-%m-%d"),
    _ZONE,
    gives=Gives.TEXT,
    takes=(Kind.TEXT,),
    examples=[
        Example('{{now | date("%Y-%m-%d", "Europe/Rome")}}', "2026-03-18"),
        Example('{{now | date("%-d %B %Y, %H:%M", "America/New_York")}}', "18 March 2026, 06:30"),
        Example('{{"2026-03-29T00:30:00Z" | date("%H:%M %Z", tz="Europe/Rome")}}', "01:30 CET"),
        Example('{{"2026-12-24" | date("%d/%m/%Y", "America/New_York")}}', "24/12/2026"),
    ],
)
def date(layout: str, tz: str) -> Step:
    """Write an instant in a format, in a time zone.

    A date without a time stays that day in every zone.
    """
    check_format(layout)
    zone = _zone(tz)

    def written(text: str) -> str:
        moment = _moment(text)
        return written_in(moment if is_day(text) else _in_zone(moment, zone), layout)

    return written


@pipe(
    "add",
    *(Parameter(unit, Kind.NUMBER, default=0, keyword_only=True) for unit in _LARGEST),
    Parameter("tz", default="UTC", keyword_only=True),
    gives=Gives.TEXT,
    takes=(Kind.TEXT,),
    examples=[
        Example("{{now | add(days=1, hours=-2)}}", "2026-03-19T08:30:00Z"),
        Example("{{now | add(minutes=90)}}", "2026-03-18T12:00:00Z"),
        Example('{{"2026-02-28" | add(days=1)}}', "2026-03-01"),
        Example('{{"2026-03-28T11:00:00Z" | add(days=1)}}', "2026-03-29T11:00:00Z"),
        Example('{{"2026-03-28T11:00:00Z" | add(days=1, tz="Europe/Rome")}}', "2026-03-29T10:00:00Z"),
    ],
)
def add(days: float, hours: float, minutes: float, tz: str) -> Step:
    """Move an instant by whole days, hours and minutes, which may be negative; the result is in UTC.

    A day has 24 hours, unless `tz` names a time zone: then days are those of its calendar, and the clock
    there shows the same time before and after, whatever daylight saving does in between.
    A date without a time stays a date as long as only days are added.
    """
    given = {"days": days, "hours": hours, "minutes": minutes}
    for unit, count in given.items():
        if count != count // 1 or abs(count) > _LARGEST[unit]:
            raise PipeValueError(f"needs a whole number from -{_LARGEST[unit]} to {_LARGEST[unit]} as {unit}")
    if not any(given.values()):
        raise PipeValueError("needs days, hours or minutes, as in add(days=1)")
    zone = _zone(tz)
    elapsed = timedelta(hours=hours, minutes=minutes)

    def added(text: str) -> str:
        moment = _moment(text)
        try:
            if is_day(text) and not elapsed:
                return (moment + timedelta(days=days)).date().isoformat()
            local = moment.astimezone(zone)
            shifted = (local + timedelta(days=days)).astimezone(UTC)
            return instant_text(shifted + elapsed)
        except OverflowError:
            raise PipeValueError("leaves the calendar, which ends with the year 9999") from None

    return added


def _zone(name: str) -> tzinfo:
    zone = zone_named(name)
    if zone is None:
        raise PipeValueError("needs the name of a time zone, like Europe/Rome, as tz")
    return zone


def _moment(text: str) -> datetime:
    moment = parse_instant(text)
    if moment is None:
        raise PipeValueError("takes a date or an instant in ISO 8601, like 2026-03-18T10:30:00Z")
    return moment


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise PipeValueError("leaves the calendar, which ends with the year 9999") from None
