"""When a cron expression fires in a time zone, as EventBridge Scheduler does it.

A time that the clocks skip in spring is skipped; one that comes twice in autumn counts once, the first time.
Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from ventuno.schedules.cron import Cron

_DAYS_AHEAD: Final = 366 * 9
"""29 February comes at least once in eight years; what does not come in nine, never comes."""


def fire_times(cron: Cron, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the instants after `after` at which it fires, in UTC; none when there is no such day."""
    for day in _days(cron, after.astimezone(zone).date()):
        for moment in _moments(cron, day, zone):
            if moment > after:
                yield moment


def _days(cron: Cron, day: date) -> Iterator[date]:
    """Yield the days that count, until there are none for very long."""
    passed_over = 0
    while passed_over < _DAYS_AHEAD and day < date.max:
        if cron.has(day):
            passed_over = 0
            yield day
        passed_over += 1
        day += timedelta(days=1)


def _moments(cron: Cron, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    for hour in sorted(cron.hours):
        for minute in sorted(cron.minutes):
            wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            moment = wall.astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
                yield moment
