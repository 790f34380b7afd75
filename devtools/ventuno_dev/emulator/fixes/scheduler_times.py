# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Scheduler times: time zones, punctual to the second, context attributes, and memory over restarts."""

import json
import logging
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ministack.services import eventbridge, scheduler

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

logger = logging.getLogger("ventuno.emulator")

TICK_SECONDS = 1.0
LAST_FIRED = "Ventuno::LastFired"  # kept in the schedule's record, so that it is saved with it
MAX_SKIPPED = 400  # occurrences that a clock change or StartDate may skip

Schedule = dict[str, Any]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Due:
    """One occurrence to deliver. `last` tells that none will follow."""

    moment: datetime
    last: bool


def due(schedule: Schedule, now: datetime) -> _Due | None:
    """Give the newest occurrence that has passed and was not delivered."""
    since = _since(schedule)
    expression = schedule["ScheduleExpression"].strip()
    start = _date(schedule.get("StartDate"))
    if expression.startswith("at("):
        moment = _resolved(datetime.fromisoformat(expression[3:-1]), schedule)
        fired = _date(schedule.get(LAST_FIRED))
        return _Due(moment, last=True) if moment <= now and (fired is None or fired < since) else None
    end = _date(schedule.get("EndDate"))
    found: datetime | None = None
    moment_or_none = _next(expression, schedule, since)
    for _ in range(MAX_SKIPPED):
        if moment_or_none is None or moment_or_none > now or (end and moment_or_none > end):
            break
        if start is None or moment_or_none >= start:
            found = moment_or_none
        moment_or_none = _next(expression, schedule, moment_or_none)
    return _Due(found, last=False) if found else None


def _next(expression: str, schedule: Schedule, after: datetime) -> datetime | None:
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return after + timedelta(seconds=interval)
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return None
    zone = _zone(schedule)
    # The search runs on the wall clock of the zone, written as if it were UTC.
    wall = after.astimezone(zone).replace(tzinfo=UTC)
    for _ in range(MAX_SKIPPED):
        wall = eventbridge._cron_next_fire(fields, wall)
        if wall is None:
            return None
        moment = _resolved(wall.replace(tzinfo=None), schedule)
        # A time that the spring change skips does not exist; one that the autumn change repeats counts once.
        if moment.astimezone(zone).replace(tzinfo=UTC) == wall and moment > after:
            return moment
    return None


def _resolved(wall: datetime, schedule: Schedule) -> datetime:
    return wall.replace(tzinfo=_zone(schedule)).astimezone(UTC)


def _zone(schedule: Schedule) -> ZoneInfo:
    return ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")


def _since(schedule: Schedule) -> datetime:
    """Occurrences up to here are past: delivered, or before the schedule was last changed."""
    changed = _date(
        schedule.get("LastModificationDate") or schedule.get("CreationDate")
    ) or datetime.min.replace(tzinfo=UTC)
    fired = _date(schedule.get(LAST_FIRED))
    return (
        max(changed, fired)
        if fired and not schedule["ScheduleExpression"].strip().startswith("at(")
        else changed
    )


def _date(value: Json) -> datetime | None:
    seconds = scheduler._to_epoch(value)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def tick() -> None:
    """Deliver everything that is due."""
    now = datetime.fromtimestamp(scheduler.time.time(), UTC)
    for key, schedule in list(scheduler._schedules._data.items()):
        if schedule.get("State") != "ENABLED" or scheduler._schedules._data.get(key) is not schedule:
            continue
        try:
            occurrence = due(schedule, now)
            if occurrence is not None:
                _deliver(key, schedule, occurrence, now)
            _complete(key, schedule, occurrence, now)
        except Exception:
            logger.exception("Schedule %s was not delivered", key[2])


def _deliver(key: Key, schedule: Schedule, occurrence: _Due, now: datetime) -> None:
    # An at() schedule is judged by when it fired, the others by which occurrence was delivered last.
    schedule[LAST_FIRED] = (now if occurrence.last else occurrence.moment).timestamp()
    account, region, _ = key
    scheduler.set_request_account_id(account)
    scheduler.set_request_region(region)
    attributes = {
        "<aws.scheduler.scheduled-time>": f"{occurrence.moment:%Y-%m-%dT%H:%M:%SZ}",
        "<aws.scheduler.schedule-arn>": schedule["Arn"],
        "<aws.scheduler.execution-id>": str(uuid.uuid4()),
        "<aws.scheduler.attempt-number>": "1",
    }
    target = dict(schedule["Target"])
    for name, value in attributes.items():
        if target.get("Input"):
            target["Input"] = target["Input"].replace(name, value)
    event = {
        "EventId": str(uuid.uuid4()),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": json.dumps({}),
        "Time": int(occurrence.moment.timestamp()),
        "Resources": [schedule["Arn"]],
        "Account": account,
        "Region": region,
    }
    eventbridge._invoke_target(target, event, schedule)


def _complete(key: Key, schedule: Schedule, occurrence: _Due | None, now: datetime) -> None:
    end = _date(schedule.get("EndDate"))
    completed = (occurrence is not None and occurrence.last) or (end is not None and now > end)
    if completed and schedule.get("ActionAfterCompletion") == "DELETE":
        scheduler._schedules._data.pop(key, None)


def _tick_for_ever() -> None:
    while True:
        time.sleep(TICK_SECONDS)
        tick()


def _apply() -> None:
    get = scheduler._get_schedule

    def get_schedule(name: str, query: dict[str, Any]) -> Json:
        status, headers, body = get(name, query)
        answer = json.loads(body)
        answer.pop(LAST_FIRED, None)
        return status, headers, json.dumps(answer).encode()

    scheduler._get_schedule = get_schedule
    scheduler._ticker_loop = _tick_for_ever


FIX = Fix(
    name="scheduler-times",
    problem=(
        "Time zones are ignored, schedules fire up to 10 s late and again after a restart, "
        "and <aws.scheduler.…> placeholders reach the target."
    ),
    aws="Expressions are in ScheduleExpressionTimezone, with daylight saving; placeholders are replaced.",
    source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
    apply=_apply,
)
