"""When a schedule is due: zones, daylight saving, what was missed. No emulator is needed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ventuno_dev.emulator.fixes.scheduler_times import LAST_FIRED, due

pytestmark = pytest.mark.emulator


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _due(expression: str, zone: str, since: str, now: str, **fields: Any) -> str | None:  # noqa: ANN401 - JSON
    schedule = {
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": zone,
        "LastModificationDate": _moment(since).timestamp(),
        **fields,
    }
    found = due(schedule, _moment(now))
    return found.moment.strftime("%Y-%m-%dT%H:%M") if found else None


@pytest.mark.parametrize(
    ("expression", "zone", "since", "now", "expected"),
    [
        ("cron(0 9 * * ? *)", "UTC", "2026-11-24T08:59:30", "2026-11-24T08:59:59", None),
        ("cron(0 9 * * ? *)", "UTC", "2026-11-24T08:59:30", "2026-11-24T09:00:00", "2026-11-24T09:00"),
        (
            "cron(0 9 * * ? *)",
            "Europe/Rome",
            "2026-11-24T07:00:00",
            "2026-11-24T08:00:01",
            "2026-11-24T08:00",
        ),
        (
            "cron(0 9 * * ? *)",
            "Europe/Rome",
            "2026-07-01T06:00:00",
            "2026-07-01T07:00:01",
            "2026-07-01T07:00",
        ),
        # 02:30 does not exist in Rome on 29 March 2026, so that day is skipped.
        ("cron(30 2 * * ? *)", "Europe/Rome", "2026-03-28T12:00:00", "2026-03-29T12:00:00", None),
        (
            "cron(30 2 * * ? *)",
            "Europe/Rome",
            "2026-03-28T12:00:00",
            "2026-03-30T01:00:00",
            "2026-03-30T00:30",
        ),
        # 02:30 comes twice on 25 October 2026 and counts once, the first time.
        (
            "cron(30 2 * * ? *)",
            "Europe/Rome",
            "2026-10-24T12:00:00",
            "2026-10-25T01:30:00",
            "2026-10-25T00:30",
        ),
        ("cron(30 2 * * ? *)", "Europe/Rome", "2026-10-25T00:30:00", "2026-10-25T01:30:00", None),
        ("cron(0 12 ? * MON *)", "UTC", "2026-11-24T00:00:00", "2026-12-01T00:00:00", "2026-11-30T12:00"),
        ("rate(5 minutes)", "UTC", "2026-11-24T00:00:00", "2026-11-24T00:04:59", None),
        ("rate(5 minutes)", "UTC", "2026-11-24T00:00:00", "2026-11-24T00:16:00", "2026-11-24T00:15"),
        ("at(2026-11-24T09:00:00)", "Europe/Rome", "2026-11-24T07:00:00", "2026-11-24T07:59:59", None),
        (
            "at(2026-11-24T09:00:00)",
            "Europe/Rome",
            "2026-11-24T07:00:00",
            "2026-11-24T08:00:00",
            "2026-11-24T08:00",
        ),
    ],
)
def test_the_newest_occurrence_that_has_passed_is_due(
    expression: str, zone: str, since: str, now: str, expected: str | None
) -> None:
    assert _due(expression, zone, since, now) == expected


def test_what_was_delivered_is_not_due_again() -> None:
    fired = {LAST_FIRED: _moment("2026-11-24T09:00:00").timestamp()}

    assert _due("cron(0 9 * * ? *)", "UTC", "2026-11-20T00:00:00", "2026-11-24T10:00:00", **fired) is None
    assert (
        _due("at(2026-11-24T08:59:00)", "UTC", "2026-11-20T00:00:00", "2026-11-24T10:00:00", **fired) is None
    )


def test_a_changed_one_time_schedule_fires_again() -> None:
    fired = {LAST_FIRED: _moment("2026-11-24T09:00:00").timestamp()}

    found = _due("at(2026-11-24T11:00:00)", "UTC", "2026-11-24T10:00:00", "2026-11-24T11:00:01", **fired)
    assert found == "2026-11-24T11:00"


def test_nothing_is_due_outside_start_and_end() -> None:
    start = {"StartDate": _moment("2026-11-25T00:00:00").timestamp()}
    end = {"EndDate": _moment("2026-11-24T08:00:00").timestamp()}

    for fields in (start, end):
        assert (
            _due("cron(0 9 * * ? *)", "UTC", "2026-11-24T00:00:00", "2026-11-24T09:30:00", **fields) is None
        )
