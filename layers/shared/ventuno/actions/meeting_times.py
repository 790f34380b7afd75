"""When a meeting begins and ends: instants, wall times of a time zone, or whole days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from ventuno import errors
from ventuno.expressions.instants import is_day, parse_instant, zone_named
from ventuno.expressions.showing import shown

_OFFSET: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")


class Times(NamedTuple):
    """Two instants in the meeting's zone, or two days, the second being the one after the last."""

    starts_at: datetime | date
    ends_at: datetime | date


def zone_of(name: str) -> tzinfo:
    """Return a time zone; no name is UTC. Raises: StepInputError"""
    zone = zone_named(name) if name else UTC
    if zone is None:
        raise errors.StepInputError(f'"{shown(name)}" is no time zone; write a name such as Europe/Rome')
    return zone


def times_of(starts_at: str, ends_at: str, zone: tzinfo, *, whole_days: bool) -> Times:
    """Read beginning and end. Raises: StepInputError"""
    start = _moment("startsAt", starts_at, zone)
    end = _moment("endsAt", ends_at, zone)
    if end < start or (end == start and not whole_days):
        raise errors.StepInputError("endsAt must be after startsAt")
    if not whole_days:
        return Times(start, end)
    first = start.date()
    return Times(first, max(end.date(), first + timedelta(days=1)))


def instant_of(moment: datetime | date) -> str:
    """Write an instant, or the midnight of a day, as records have it."""
    if not isinstance(moment, datetime):
        return f"{moment.isoformat()}T00:00:00.000Z"
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(name: str, text: str, zone: tzinfo) -> datetime:
    parsed = parse_instant(text.strip())
    if parsed is None:
        raise errors.StepInputError(f'{name}: "{shown(text)}" is no date; write it as 2026-03-18T10:30:00Z')
    if is_day(text.strip()) or not _OFFSET.search(text.strip()):
        return parsed.replace(tzinfo=zone)
    return parsed.astimezone(zone)
