"""DELAY: when a wait ends, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.delay import Delay, DelaySettings
from ventuno.actions.record_schemas import ModelSchemas
from ventuno.actions.scope import StepScope
from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.records.standard.registry import standard_model
from ventuno.schemas import ANY

NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
SCOPE = StepScope(ModelSchemas(standard_model()), lambda _: ANY)


def lasting(**amounts: Any) -> DelaySettings:  # noqa: ANN401 - author JSON
    return DelaySettings.model_validate({"delayType": "DURATION", "duration": amounts})


def until(text: Any) -> DelaySettings:  # noqa: ANN401 - author JSON
    return DelaySettings.model_validate({"delayType": "SCHEDULED_DATE", "scheduledDateTime": text})


def due(settings: DelaySettings, **trigger: Any) -> datetime:  # noqa: ANN401 - payload
    return Delay().due(settings, {"trigger": trigger}, NOW)


@pytest.mark.parametrize(
    ("amounts", "seconds"),
    [
        ({"days": 1, "hours": 2, "minutes": 3, "seconds": 4}, 93_784),
        ({}, 0),
        ({"minutes": 0.5}, 30),
        ({"seconds": 0.0014}, 0.001),
        ({"hours": "{{trigger.h}}", "minutes": "{{trigger.text}}"}, 7_380),
        ({"days": "365"}, ONE_YEAR_SECONDS),
    ],
)
def test_a_duration_is_the_sum_of_its_amounts(amounts: dict[str, Any], seconds: float) -> None:
    assert due(lasting(**amounts), h=2, text=" 3 ") - NOW == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-20T08:00:00Z", datetime(2026, 3, 20, 8, tzinfo=UTC)),
        ("2026-03-20T08:00:00+02:00", datetime(2026, 3, 20, 6, tzinfo=UTC)),
        ("2026-03-20", datetime(2026, 3, 20, tzinfo=UTC)),
        ("{{trigger.at}}", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-03-18T10:30:00Z", NOW),
        ("{{trigger.at | add(days=1)}}", datetime(2026, 4, 2, tzinfo=UTC)),
    ],
)
def test_a_scheduled_date_is_an_instant(text: str, instant: datetime) -> None:
    assert due(until(text), at="2026-04-01") == instant


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (DelaySettings.model_validate({"delayType": "DURATION"}), "Duration is required for duration delay"),
        (until(None), "Scheduled date time is required for scheduled date delay"),
        (until("{{trigger.empty}}"), "Scheduled date time is required for scheduled date delay"),
        (until("2026-03-18T10:29:59Z"), "Scheduled date cannot be in the past"),
        (until("{{trigger.missing}}"), "is no date"),
        (until("{{trigger.text}}"), '"soon" is no date'),
        (until("2027-03-19T10:30:00Z"), "365 days at most"),
        (lasting(days="{{trigger.n}}"), 'days .* number of 0 or more, not "-1"'),
        (lasting(hours="{{trigger.missing}}"), "hours .* missing"),
        (lasting(hours="{{trigger.null}}"), "hours .* missing"),
        (lasting(minutes="{{trigger.text}}"), 'minutes .* not "soon"'),
        (lasting(minutes="{{trigger.yes}}"), 'minutes .* not "True"'),
        (lasting(seconds="{{trigger.huge}}"), "seconds .* number of 0 or more"),
        (lasting(days=300, hours="{{trigger.many}}"), "365 days at most"),
    ],
)  # fmt: skip
def test_a_wait_that_cannot_be_is_an_input_error(settings: DelaySettings, sentence: str) -> None:
    given = {"empty": "", "text": "soon", "n": -1, "null": None, "yes": True, "huge": 10**400, "many": 9_999}

    with pytest.raises(errors.StepInputError, match=sentence):
        due(settings, **given)


@pytest.mark.parametrize("amount", [-1, "-1", "x", "", True, None, [], float("nan"), float("inf"), 10**400])
def test_an_amount_that_is_no_number_of_0_or_more_is_refused(amount: Any) -> None:  # noqa: ANN401
    with pytest.raises(ValidationError, match="number of 0 or more"):
        lasting(minutes=amount)


@pytest.mark.parametrize("kind", ["WEEKS", "duration", None])
def test_a_type_that_does_not_exist_is_refused(kind: Any) -> None:  # noqa: ANN401
    with pytest.raises(ValidationError):
        DelaySettings.model_validate({"delayType": kind})


@pytest.mark.parametrize(
    ("settings", "paths"),
    [
        (lasting(days=1), []),
        (lasting(days="{{trigger.n}}"), []),
        (until("2026-03-20"), []),
        (until("{{trigger.at}}"), []),
        (DelaySettings.model_validate({"delayType": "DURATION"}), [".duration"]),
        (lasting(days=366), [".duration"]),
        (lasting(days=365, hours="{{trigger.n}}", seconds=1), [".duration"]),
        (until(""), [".scheduledDateTime"]),
        (until("tomorrow"), [".scheduledDateTime"]),
    ],
)
def test_validation_finds_a_wait_that_cannot_be(settings: DelaySettings, paths: list[str]) -> None:
    found = list(Delay().check(settings, SCOPE))

    assert [finding.path for finding in found] == paths
    assert {finding.code for finding in found} <= {"INVALID_STEP_PARAMS"}
