"""When cron expressions fire: compared with a cron library, and with a walk over every minute of a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from croniter import CroniterBadDateError, croniter
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ventuno.schedules.cron import parse_cron
from ventuno.schedules.firing import fire_times
from ventuno.schedules.scheduler_form import scheduler_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.schedules.cron import Cron

ROME = "Europe/Rome"
ZONES = (
    *("UTC", ROME, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"),
    *("Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo"),
)


def fires(text: str, zone: str, after: str, count: int) -> list[str]:
    moments = fire_times(parse_cron(text), ZoneInfo(zone), datetime.fromisoformat(after).replace(tzinfo=UTC))
    return [f"{moment:%Y-%m-%dT%H:%M}" for moment in islice(moments, count)]


@pytest.mark.parametrize(
    ("text", "zone", "after", "expected"),
    [
        ("0 9 * * *", "UTC", "2026-03-01T09:00", ["2026-03-02T09:00", "2026-03-03T09:00"]),
        ("0 9 * * *", "UTC", "2026-03-01T08:59:59", ["2026-03-01T09:00"]),
        # Rome is one hour ahead in winter, two in summer.
        ("0 9 * * *", ROME, "2026-03-27T12:00", ["2026-03-28T08:00", "2026-03-29T07:00"]),
        # 02:30 does not exist on 29 March 2026.
        ("30 2 * * *", ROME, "2026-03-28T00:00", ["2026-03-28T01:30", "2026-03-30T00:30"]),
        # 02:30 comes twice on 25 October 2026 and counts the first time.
        ("30 2 * * *", ROME, "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("0 0 29 2 *", "UTC", "2096-03-01T00:00", ["2104-02-29T00:00"]),
        ("0 0 31 * *", "UTC", "2026-03-01T00:00", ["2026-03-31T00:00", "2026-05-31T00:00"]),
        ("0 0 13 * FRI", "UTC", "2026-04-10T00:00", ["2026-04-13T00:00", "2026-04-17T00:00"]),
        # The day begins at another time than in UTC.
        ("0 0 1 * *", "Asia/Kathmandu", "2026-03-30T00:00", ["2026-03-31T18:15"]),
        ("0 0 * * *", "Pacific/Apia", "2026-03-01T00:00", ["2026-03-01T11:00"]),
    ],
)
def test_moments_are_those_of_the_zones_clock(text: str, zone: str, after: str, expected: list[str]) -> None:
    assert fires(text, zone, after, len(expected)) == expected


@pytest.mark.parametrize("text", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])
def test_days_that_never_come_end_the_search(text: str) -> None:
    assert fires(text, "UTC", "2026-03-01T00:00", 1) == []


def test_the_end_of_the_calendar_is_the_end() -> None:
    assert fires("0 0 1 1 *", "UTC", "9998-06-01T00:00", 5) == ["9999-01-01T00:00"]


def field(low: int, high: int, names: str = "") -> st.SearchStrategy[str]:
    """Write one field in any of its forms."""
    values = st.integers(low, high).map(str)
    ranges = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
    # The library reads a range of one weekday as the whole week.
    spans = ranges.filter(lambda pair: pair[0] < pair[1]).map(lambda pair: f"{pair[0]}-{pair[1]}")
    steps = st.integers(1, high)
    stepped = st.tuples(st.one_of(st.just("*"), spans), steps).map(lambda pair: f"{pair[0]}/{pair[1]}")
    named = st.sampled_from(names.split()) if names else st.nothing()
    part = st.one_of(values, spans, stepped, named)
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=3).map(",".join))


EXPRESSIONS = st.tuples(
    field(0, 59),
    field(0, 23),
    field(1, 31),
    field(1, 12, "jan FEB Mar apr MAY jun JUL aug SEP oct NOV dec"),
    field(0, 6, "sun MON Tue wed THU fri SAT"),
).map(" ".join)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001 - made aware where used


@given(EXPRESSIONS, MOMENTS)
@settings(max_examples=300)
def test_the_clock_face_is_that_of_the_cron_library(text: str, start: datetime) -> None:
    """Without a zone both must agree to the minute; an expression that never fires is left out.

    Whether a stepped star or a list of every value restricts a day field, crons see differently; there we
    follow the reference's, so such a field is compared beside a plain star only.
    """
    _, _, day, _, weekday = text.split()
    assume("*" in (day, weekday) or not ("*/" in day + weekday or parse_cron(text).any_day))
    ours = [moment.replace(tzinfo=None) for moment in _first(text, "UTC", start.replace(tzinfo=UTC), 8)]
    if not ours:
        return
    library = croniter(text, start)

    assert ours == [library.get_next(datetime) for _ in ours]


CHANGES = (
    *("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04"),
    *("2011-12-30", "2018-11-04", "2026-02-15", "2026-03-22"),
)


@given(EXPRESSIONS, st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(0, 1440))
@settings(max_examples=150)
def test_around_every_change_of_the_clocks_each_minute_on_the_wall_counts_once(
    text: str, zone: str, change: str, minutes: int
) -> None:
    """Walk over three days of real minutes: one counts if the wall shows it for the first time."""
    start = datetime.fromisoformat(change).replace(tzinfo=UTC) - timedelta(days=1, minutes=minutes)
    end = start + timedelta(days=3)
    cron, wall_zone = parse_cron(text), ZoneInfo(zone)
    walked = [
        moment
        for moment in (start + timedelta(minutes=count) for count in range(1, 3 * 1440 + 1))
        if _shows(cron, moment.astimezone(wall_zone))
    ]
    told: list[datetime] = []
    for moment in fire_times(cron, wall_zone, start):
        if moment > end:
            break
        told.append(moment)

    assert told == walked


@given(EXPRESSIONS, st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(0, 1440))
@settings(max_examples=150)
def test_through_every_change_of_the_clocks_the_wall_is_that_of_the_cron_library(
    text: str, zone: str, change: str, minutes: int
) -> None:
    """The library tells what a wall shows; what the zone skips is left out, what it has twice counts once."""
    _, _, day, _, weekday = text.split()
    assume("*" in (day, weekday) or not ("*/" in day + weekday or parse_cron(text).any_day))
    wall_zone = ZoneInfo(zone)
    start = datetime.fromisoformat(change).replace(tzinfo=UTC) - timedelta(days=1, minutes=minutes)
    end = start + timedelta(days=4)
    library = [
        moment.astimezone(UTC)
        for wall in _walls(text, start.astimezone(wall_zone), end.astimezone(wall_zone))
        if _exists(moment := wall.replace(tzinfo=wall_zone)) and start < moment.astimezone(UTC) <= end
    ]

    told = fire_times(parse_cron(text), wall_zone, start)
    assert list(takewhile(lambda moment: moment <= end, told)) == library


def _walls(text: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield what the library says a clock without a zone shows between two walls, and a day more."""
    times = croniter(text, start.replace(tzinfo=None), max_years_between_matches=30)
    until = end.replace(tzinfo=None) + timedelta(days=1)
    try:
        while (wall := times.get_next(datetime)) <= until:
            yield wall
    except CroniterBadDateError:  # it never fires
        return


def _exists(moment: datetime) -> bool:
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _shows(cron: Cron, wall: datetime) -> bool:
    return (
        wall.fold == 0 and wall.minute in cron.minutes and wall.hour in cron.hours and cron.has(wall.date())
    )


def _first(text: str, zone: str, after: datetime, count: int) -> list[datetime]:
    return list(islice(fire_times(parse_cron(text), ZoneInfo(zone), after), count))


@given(EXPRESSIONS)
@settings(max_examples=200)
def test_schedulers_form_admits_the_same_minutes_and_is_short_enough(text: str) -> None:
    cron = parse_cron(text)
    expressions = scheduler_expressions(cron)
    days = [datetime(2028, 1, 1, tzinfo=UTC) + timedelta(days=ahead) for ahead in range(366)]

    assert all(len(expression) <= 256 for expression in expressions)
    assert {day for day in days if cron.has(day)} == {
        day for day in days if any(_aws_has(expression, day) for expression in expressions)
    }


def _aws_has(expression: str, day: datetime) -> bool:
    """Read Scheduler's day fields without our parser: weekdays by name, days and months by number."""
    _, _, dom, month, dow, year = expression.removeprefix("cron(").removesuffix(")").split()
    assert (dom == "?") != (dow == "?")
    assert year == "*"
    week = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
    in_order = ["SUN", *week[:-1]]
    if not _among(month, day.month):
        return False
    if dow == "?":
        return _among(dom, day.day)
    numbered = dow
    for index, name in enumerate(in_order):
        numbered = numbered.replace(name, str(index))
    return _among(numbered, in_order.index(week[day.weekday()]))


def _among(text: str, value: int) -> bool:
    if text == "*":
        return True
    for part in text.split(","):
        low, _, high = part.partition("-")
        if int(low) <= value <= int(high or low):
            return True
    return False
