"""CRON: the reference's four types, their bounds, zones, and what is found wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from ventuno.definition.findings import Severity
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of
from ventuno.triggers.cron import CronSettings
from ventuno.triggers.registry import TRIGGERS

if TYPE_CHECKING:
    from ventuno.definition.findings import Finding


def every(kind: str, **parts: Any) -> Json:  # noqa: ANN401 - author JSON
    return {"type": kind, "schedule": parts}


def custom(pattern: str, **others: Any) -> Json:  # noqa: ANN401 - author JSON
    return {"type": "CUSTOM", "pattern": pattern, **others}


def findings(settings: Json, *steps: Json) -> list[Finding]:
    trigger = {"type": "CRON", "settings": settings}
    return findings_of(definition_from(written(*(steps or (step("a"),)), trigger=trigger)))


@pytest.mark.parametrize(
    ("settings", "pattern", "expressions"),
    [
        (every("DAYS", day=1, hour=0, minute=0), "0 0 */1 * *", ["cron(0 0 * * ? *)"]),
        (every("DAYS", day=10, hour=8, minute=30), "30 8 */10 * *", ["cron(30 8 1,11,21,31 * ? *)"]),
        (every("HOURS", hour=10, minute=30), "30 */10 * * *", ["cron(30 0,10,20 * * ? *)"]),
        (every("MINUTES", minute=15), "*/15 * * * *", ["cron(0,15,30,45 * * * ? *)"]),
        (every("MINUTES", minute=60), "*/60 * * * *", ["cron(0 * * * ? *)"]),
        (custom("0 8 * * 1-5"), "0 8 * * 1-5", ["cron(0 8 ? * MON-FRI *)"]),
        (custom("0 0 1 * 1"), "0 0 1 * 1", ["cron(0 0 1 * ? *)", "cron(0 0 ? * MON *)"]),
    ],
)
def test_each_type_has_its_pattern_and_its_schedules(
    settings: Json, pattern: str, expressions: list[str]
) -> None:
    read = CronSettings.model_validate(settings)
    timings = TRIGGERS["CRON"].timings(read)

    assert read.expression == pattern
    assert [timing.expression for timing in timings] == expressions
    assert {timing.time_zone for timing in timings} == {"UTC"}


@pytest.mark.parametrize(
    "settings",
    [
        every("DAYS", day=45, hour=23, minute=59),
        every("HOURS", hour=1, minute=0),
        every("MINUTES", minute=1),
        custom("0 8 * * 1-5", timeZone="Europe/Rome", outputSchema={}),
        custom("0 0 29 FEB *", timeZone=None),
    ],
)
def test_settings_that_make_sense_have_no_finding(settings: Json) -> None:
    assert findings(settings) == []


@pytest.mark.parametrize(
    ("settings", "path", "told"),
    [
        (every("DAYS", day=0, hour=0, minute=0), ".schedule.day", "DAYS needs a day from 1"),
        (every("DAYS", day=1, hour=24, minute=0), ".schedule.hour", "DAYS needs an hour from 0 to 23"),
        (every("HOURS", hour=0, minute=0), ".schedule.hour", "HOURS needs an hour from 1"),
        (every("HOURS", hour=1), ".schedule.minute", "HOURS needs a minute from 0 to 59"),
        (every("MINUTES", minute=61), ".schedule.minute", "MINUTES needs a minute from 1 to 60"),
        (every("MINUTES", minute=5, hour=1), ".schedule.hour", "MINUTES has no hour; remove it"),
        (every("MINUTES", minute="5"), ".schedule.minute", "whole number"),
        (every("MINUTES", minute=True), ".schedule.minute", "whole number"),
        ({"type": "DAYS"}, ".schedule.day", "DAYS needs a day"),
        ({"type": "CUSTOM"}, ".pattern", "CUSTOM needs a cron expression"),
        ({"type": "WEEKS"}, ".type", "'DAYS', 'HOURS', 'MINUTES' or 'CUSTOM'"),
        (custom("0 8 * *"), ".pattern", "Cron pattern '0 8 * *' is invalid: 4 fields"),
        (custom("0 0 8 * * *"), ".pattern", "six fields: schedules have no seconds"),
        (custom("0 0 31 2 *"), ".pattern", "'0 0 31 2 *' never fires"),
        (custom("* * * * *", schedule={"minute": 5}), ".schedule", "remove the schedule"),
        ({**every("MINUTES", minute=5), "pattern": "* * * * *"}, ".pattern", "MINUTES has no pattern"),
        (custom("* * * * *", timeZone="Europe/Roma"), ".timeZone", 'no time zone "Europe/Roma"'),
        (custom("* * * * *", timeZone="../etc/passwd"), ".timeZone", "no time zone"),
        (custom("* * * * *", timezone="UTC"), ".timezone", "is not a key here"),
    ],
)
def test_what_is_wrong_is_found_with_its_place(settings: Json, path: str, told: str) -> None:
    found = findings(settings)[0]

    assert (found.path, found.severity) == (f"$.trigger.settings{path}", Severity.ERROR)
    assert told in found.message


def test_a_mistyped_zone_has_a_suggestion() -> None:
    (found,) = findings(custom("* * * * *", timeZone="Europe/Roma"))

    assert found.suggestion == "Europe/Rome"


def test_the_payload_has_nothing() -> None:
    (found,) = findings(every("MINUTES", minute=5), create())

    assert found.code == "VARIABLE_PATH_NOT_FOUND"
