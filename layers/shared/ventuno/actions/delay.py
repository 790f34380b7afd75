"""DELAY: wait for some time, or until an instant. The call before it computes the instant of its Wait.

Safe to retry: the instant is stored the first time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import WaitAction
from ventuno.actions.duration import TOO_LONG, Duration
from ventuno.definition.durations import ONE_YEAR_SECONDS, total_seconds
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING, resolve
from ventuno.expressions.instants import parse_instant
from ventuno.expressions.showing import shown
from ventuno.schemas import BOOLEAN, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.actions.scope import StepScope
    from ventuno.schemas import Schema

_CODE = "INVALID_STEP_PARAMS"
_NO_DURATION = "Duration is required for duration delay"
_NO_DATE = "Scheduled date time is required for scheduled date delay"


class DelayType(StrEnum):
    """How the end of a wait is given."""

    DURATION = "DURATION"
    SCHEDULED_DATE = "SCHEDULED_DATE"


class DelaySettings(Wire):
    """`{delayType: DURATION, duration}` or `{delayType: SCHEDULED_DATE, scheduledDateTime}`.

    The setting of the other type may be left over; it is ignored, as the reference does.
    """

    delay_type: DelayType
    duration: Duration | None = None
    scheduled_date_time: str | None = None


class Delay(WaitAction[DelaySettings]):
    """Result: `{success: true}`. A wait of more than a year is refused. Source: reference §3.14."""

    wire_type = "DELAY"
    settings_type = DelaySettings
    about = About(
        settings={
            "delayType": "`DURATION` or `SCHEDULED_DATE`.",
            "duration": "`{days?, hours?, minutes?, seconds?}`, summed; numbers or variables.",
            "scheduledDateTime": "An instant as ISO 8601 text, or a variable; not in the past.",
        },
        result="the wait is over.",
        errors={errors.StepInputError: "the end is missing, in the past, or more than a year away"},
        examples=(
            Example("Three days", {"delayType": "DURATION", "duration": {"days": 3}}, {"success": True}),
        ),
    )

    def output_schema(self, settings: DelaySettings, scope: StepScope) -> Schema:
        """Return the schema of the result."""
        del settings, scope
        return Object({"success": BOOLEAN})

    def check(self, settings: DelaySettings, scope: StepScope) -> Iterator[Finding]:
        """Find a wait without an end, one that is too long, and a date that is none."""
        del scope
        if settings.delay_type is DelayType.DURATION:
            yield from _duration_findings(settings.duration)
        elif not settings.scheduled_date_time:
            yield Finding(_CODE, ".scheduledDateTime", f"{_NO_DATE}; write a date or a variable")
        elif OPENING not in settings.scheduled_date_time and not parse_instant(settings.scheduled_date_time):
            yield Finding(_CODE, ".scheduledDateTime", _no_date(settings.scheduled_date_time))

    def due(self, settings: DelaySettings, values: Mapping[str, Any], now: datetime) -> datetime:
        """Compute when the wait ends, to the millisecond. Raises: StepInputError"""
        if settings.delay_type is DelayType.SCHEDULED_DATE:
            return _date(settings.scheduled_date_time, values, now)
        if settings.duration is None:
            raise errors.StepInputError(_NO_DURATION)
        return now + timedelta(milliseconds=round(settings.duration.seconds_with(values) * 1000))


def _date(authored: str | None, values: Mapping[str, Any], now: datetime) -> datetime:
    text = resolve(authored, values)
    if text is None or text == "":
        raise errors.StepInputError(_NO_DATE)
    at = parse_instant(text)
    if at is None:
        raise errors.StepInputError(_no_date(str(text)))
    if at < now:
        raise errors.StepInputError("Scheduled date cannot be in the past")
    if at - now > timedelta(seconds=ONE_YEAR_SECONDS):
        raise errors.StepInputError(TOO_LONG)
    return at


def _no_date(text: str) -> str:
    return f'"{shown(text)}" is no date; write it as 2026-03-18T10:30:00Z'


def _duration_findings(duration: Duration | None) -> Iterator[Finding]:
    if duration is None:
        yield Finding(_CODE, ".duration", f"{_NO_DURATION}; give days, hours, minutes or seconds")
    elif total_seconds(duration.written()) > ONE_YEAR_SECONDS:
        yield Finding(_CODE, ".duration", TOO_LONG)
