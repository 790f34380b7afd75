"""CRON: the clock starts runs, every so many minutes, hours or days, or by a cron expression.

The payload is `{}`. The time zone is UTC unless the trigger names another.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field

from ventuno.definition.findings import Finding
from ventuno.expressions.showing import shown
from ventuno.schedules.cron import CronError, parse_cron
from ventuno.schedules.firing import fire_times
from ventuno.schedules.scheduler_form import Timing, scheduler_expressions
from ventuno.schemas import Object
from ventuno.spelling import nearest
from ventuno.triggers.base import TriggerSettings, TriggerType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.schedules.cron import Cron
    from ventuno.schemas import Schema, Scope

_CODE: Final = "INVALID_TRIGGER_PARAMS"
_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NO_BOUND: Final = 9999  # of the reference, which only refuses 0
_BOUNDS: Final[dict[str, dict[str, tuple[int, int]]]] = {
    "DAYS": {"day": (1, _NO_BOUND), "hour": (0, 23), "minute": (0, 59)},
    "HOURS": {"hour": (1, _NO_BOUND), "minute": (0, 59)},
    "MINUTES": {"minute": (1, 60)},
}
_PATTERNS: Final = {
    "DAYS": "{minute} {hour} */{day} * *",
    "HOURS": "{minute} */{hour} * * *",
    "MINUTES": "*/{minute} * * * *",
}
_ARTICLES: Final = {"hour": "an"}
Count = Annotated[int, Field(strict=True)]


class Every(Wire):
    """How often: `{day, hour, minute}`, `{hour, minute}` or `{minute}`."""

    day: Count | None = None
    hour: Count | None = None
    minute: Count | None = None


class CronSettings(TriggerSettings):
    """`{type: DAYS | HOURS | MINUTES, schedule, timeZone?}` or `{type: CUSTOM, pattern, timeZone?}`.

    Source: reference §2.3
    """

    type: Literal["DAYS", "HOURS", "MINUTES", "CUSTOM"]
    schedule: Every | None = None
    pattern: str | None = None
    time_zone: str | None = None

    @property
    def zone_name(self) -> str:
        """The time zone, by its IANA name."""
        return self.time_zone or "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone_name)

    @property
    def expression(self) -> str:
        """The schedule as a cron expression."""
        if self.type == "CUSTOM":
            return self.pattern or ""
        given = self.schedule or Every()
        return _PATTERNS[self.type].format(day=given.day, hour=given.hour, minute=given.minute)

    @property
    def cron(self) -> Cron:
        """The schedule, read. Raises: CronError"""
        return parse_cron(self.expression)


class CronTrigger(TriggerType):
    """Started by EventBridge Scheduler."""

    wire_type = "CRON"
    settings_type = CronSettings

    def timings(self, settings: CronSettings) -> tuple[Timing, ...]:
        """Return when runs start, as Scheduler is told it. Raises: CronError"""
        expressions = scheduler_expressions(settings.cron)
        return tuple(Timing(expression, settings.zone_name) for expression in expressions)

    def output_schema(self, settings: CronSettings, scope: Scope) -> Schema:
        """Return the schema of an empty payload."""
        del settings, scope
        return Object({})

    def check(self, settings: CronSettings, scope: Scope) -> Iterator[Finding]:
        """Find parts that are missing, out of bounds or unreadable, and schedules that never fire."""
        del scope
        wrong = [*_zone_findings(settings), *_part_findings(settings)]
        yield from wrong
        if not wrong:
            yield from _expression_findings(settings)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone_findings(settings: CronSettings) -> Iterator[Finding]:
    if settings.zone_name not in _zones():
        message = f'there is no time zone "{shown(settings.zone_name)}"; write one such as Europe/Rome'
        yield Finding(_CODE, ".timeZone", message, nearest(settings.zone_name, _zones()))


def _part_findings(settings: CronSettings) -> Iterator[Finding]:
    custom = settings.type == "CUSTOM"
    if custom and settings.pattern is None:
        yield Finding(_CODE, ".pattern", "CUSTOM needs a cron expression, e.g. 0 9 * * 1-5", "0 9 * * 1-5")
    if not custom and settings.pattern is not None:
        yield Finding(_CODE, ".pattern", f"{settings.type} has no pattern; remove it or write CUSTOM")
    if custom and settings.schedule is not None:
        yield Finding(_CODE, ".schedule", "CUSTOM has a pattern in place of a schedule; remove the schedule")
    if not custom:
        yield from _bound_findings(settings.type, settings.schedule or Every())


def _bound_findings(kind: str, given: Every) -> Iterator[Finding]:
    bounds = _BOUNDS[kind]
    for name in ("day", "hour", "minute"):
        value, path = getattr(given, name), f".schedule.{name}"
        if name not in bounds:
            if value is not None:
                yield Finding(_CODE, path, f"{kind} has no {name}; remove it")
            continue
        low, high = bounds[name]
        if value is None or not low <= value <= high:
            yield Finding(_CODE, path, f"{kind} needs {_ARTICLES.get(name, 'a')} {name} from {low} to {high}")


def _expression_findings(settings: CronSettings) -> Iterator[Finding]:
    try:
        cron = settings.cron
    except CronError as error:
        message = f"Cron pattern '{shown(settings.expression)}' is invalid: {error}"
        yield Finding(_CODE, ".pattern", message)
        return
    if next(fire_times(cron, settings.zone, _ANY_MOMENT), None) is None:
        message = f"'{shown(settings.expression)}' never fires: no such day exists; correct day and month"
        yield Finding(_CODE, ".pattern", message)
