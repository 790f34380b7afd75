"""Instants and relative dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.expressions.instants import instant_text, parse_instant
from ventuno.filters.relative_dates import parse_compact, parse_relative, window_of, zone_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

NOW = datetime(2026, 3, 18, 10, 30, 15, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-18", "2026-03-18T00:00:00Z"),
        ("2026-03-18 10:00:00", "2026-03-18T10:00:00Z"),
        ("2026-03-18T10:00", "2026-03-18T10:00:00Z"),
        ("2026-03-18T10:00:00.1205Z", "2026-03-18T10:00:00.1205Z"),
        ("2026-03-18T12:00:00+02:00", "2026-03-18T10:00:00Z"),
        ("2026-03", "2026-03-01T00:00:00Z"),
        ("2026", "2026-01-01T00:00:00Z"),
        ("2026-W12-3", "2026-03-18T00:00:00Z"),
        ("20260318T103000Z", "2026-03-18T10:30:00Z"),
    ],
)
def test_iso_dates_are_read_as_utc(text: str, instant: str) -> None:
    moment = parse_instant(text)

    assert moment is not None
    assert instant_text(moment) == instant


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "x",
        1773828600000,
        "2026-13-01",
        "2026-03-18x10:00",
        " 2026-03-18",
        "0001-01-01T00:00+05:00",
        ["2026"],
    ],
)
def test_what_is_no_iso_date_is_none(value: JsonValue) -> None:
    assert parse_instant(value) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("NEXT_7_DAY", "2026-03-19T00:00:00Z", "2026-03-26T00:00:00Z"),
        ("THIS_WEEK", "2026-03-16T00:00:00Z", "2026-03-23T00:00:00Z"),
        ("THIS_1_WEEK;;UTC;;SUNDAY;;", "2026-03-15T00:00:00Z", "2026-03-22T00:00:00Z"),
        ("PAST_1_WEEK;;UTC;;SATURDAY;;", "2026-03-07T00:00:00Z", "2026-03-14T00:00:00Z"),
        ("PAST_13_MONTH", "2025-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("NEXT_1_QUARTER", "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        ("NEXT_30_SECOND", "2026-03-18T10:30:16Z", "2026-03-18T10:30:46Z"),
        ("PAST_1_DAY;;America/New_York", "2026-03-17T04:00:00Z", "2026-03-18T04:00:00Z"),
        ("PAST_2_WEEK;;America/New_York;;MONDAY;;", "2026-03-02T05:00:00Z", "2026-03-16T04:00:00Z"),
        ("THIS_DAY;;Asia/Kolkata", "2026-03-17T18:30:00Z", "2026-03-18T18:30:00Z"),
        ("THIS_HOUR;;Asia/Kolkata", "2026-03-18T10:30:00Z", "2026-03-18T11:30:00Z"),
    ],
)
def test_a_window_is_whole_periods_of_its_zone(text: str, start: str, end: str) -> None:
    relative = parse_compact(text)
    assert relative is not None

    window = window_of(relative, NOW, zone_of(relative) or UTC)

    assert window is not None
    assert (instant_text(window.start), instant_text(window.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "now", "start", "end"),
    [
        ("THIS_DAY;;Europe/Rome", "2026-03-29T10:00", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("PAST_1_DAY;;Europe/Rome", "2026-03-30T10:00", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("THIS_DAY;;Europe/Rome", "2026-10-25T10:00", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("THIS_HOUR;;Europe/Rome", "2026-10-25T00:30", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
        ("PAST_1_HOUR;;Europe/Rome", "2026-10-25T01:30", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
        ("NEXT_1_HOUR;;Europe/Rome", "2026-03-29T00:30", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"),
        ("THIS_DAY;;America/Sao_Paulo", "2018-11-04T12:00", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),
        ("THIS_DAY;;America/Havana", "2026-11-01T12:00", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
        (
            "THIS_WEEK;;America/New_York;;SUNDAY",
            "2026-03-10T12:00",
            "2026-03-08T05:00:00Z",
            "2026-03-15T04:00:00Z",
        ),
        ("THIS_WEEK;;UTC;;SATURDAY", "2026-03-20T23:59", "2026-03-14T00:00:00Z", "2026-03-21T00:00:00Z"),
        ("PAST_1_MONTH", "2028-03-31T12:00", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("PAST_1_DAY", "2028-03-01T00:00", "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("PAST_1_YEAR", "2028-02-29T12:00", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
        ("NEXT_1_MONTH", "2026-12-31T12:00", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
        ("PAST_5_QUARTER", "2026-01-01T00:00", "2024-10-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ],
)
def test_a_window_follows_the_clocks_and_calendars_of_its_zone(
    text: str, now: str, start: str, end: str
) -> None:
    relative, moment = parse_compact(text), parse_instant(now)
    assert relative
    assert moment

    window = window_of(relative, moment, zone_of(relative) or UTC)

    assert window is not None
    assert (instant_text(window.start), instant_text(window.end)) == (start, end)


@pytest.mark.parametrize(
    "written",
    [
        {"direction": "past", "amount": 1, "unit": "DAY"},
        {"direction": "PAST", "amount": 1, "unit": "DAYS"},
        {"direction": "PAST", "amount": 1.5, "unit": "DAY"},
        {"direction": "PAST", "amount": -1, "unit": "DAY"},
        {"direction": "PAST", "amount": True, "unit": "DAY"},
        {"direction": "PAST", "amount": "7", "unit": "DAY"},
        {"direction": "NEXT", "unit": "DAY"},
        {"direction": "THIS", "amount": 0, "unit": "DAY"},
        {"direction": "THIS", "unit": "WEEK", "firstDayOfTheWeek": "TUESDAY"},
        {"direction": "THIS", "unit": "WEEK", "timezone": 1},
        {"direction": [], "unit": {}},
        [],
    ],
)
def test_what_is_no_relative_date_is_none(written: JsonValue) -> None:
    assert parse_relative(json.dumps(written)) is None


@pytest.mark.parametrize(
    "text", ["", "PAST_7", "PAST_DAY", "PAST_0_DAY", "PAST_7_DAY;x", "past_7_day", "PAST_9999999999_DAY"]
)
def test_what_is_no_compact_relative_date_is_none(text: str) -> None:
    assert parse_compact(text) is None


def test_a_window_outside_the_calendar_holds_nothing() -> None:
    relative = parse_compact("NEXT_999999999_YEAR")

    assert relative is not None
    assert window_of(relative, NOW) is None


def test_an_unknown_zone_is_none() -> None:
    relative = parse_compact("PAST_7_DAY;;Mars/Olympus")

    assert relative is not None
    assert zone_of(relative) is None


moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
units = st.sampled_from(["SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"])


@given(moments, units, st.integers(1, 40))
def test_past_this_and_next_lie_side_by_side(now: datetime, unit: str, amount: int) -> None:
    past, this, following = (
        window_of(relative, now)
        for relative in map(parse_compact, [f"PAST_{amount}_{unit}", f"THIS_{unit}", f"NEXT_{amount}_{unit}"])
        if relative
    )

    assert past
    assert this
    assert following
    assert past.start < past.end == this.start < this.end == following.start < following.end
    assert this.holds(now)
    assert not past.holds(past.end)
    assert past.holds(past.end - timedelta(microseconds=1))
