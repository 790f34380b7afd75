"""Schedules on EventBridge Scheduler: what it is told, and what its refusals mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from ventuno import errors
from ventuno.adapters.aws.schedules import EventBridgeSchedules, ScheduleSetup
from ventuno.execution_ports import SCHEDULED_TIME, Schedule
from ventuno.schedules.scheduler_form import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SETUP = ScheduleSetup(
    "ventuno-test", "arn:aws:lambda:::f", "arn:aws:iam::123456789012:role/r", "arn:aws:sqs:::q"
)
NINE = Schedule("a-r1-1", Timing("cron(0 9 * * ? *)", "Europe/Rome"), f'{{"at":"{SCHEDULED_TIME}"}}')
CALLS: dict[str, Callable[[EventBridgeSchedules], None]] = {
    "create_schedule": lambda schedules: schedules.create(NINE),
    "delete_schedule": lambda schedules: schedules.delete(NINE.name),
}


@pytest.fixture
def client() -> Any:  # noqa: ANN401 - any client
    return boto3.client("scheduler", region_name="eu-west-1")


@pytest.fixture
def answers(client: Any) -> Iterator[Stubber]:  # noqa: ANN401 - any client
    with Stubber(client) as stubber:
        yield stubber


def test_scheduler_is_told_zone_payload_retries_and_dead_letters(client: Any, answers: Stubber) -> None:  # noqa: ANN401 - any client
    answers.add_response(
        "create_schedule",
        {"ScheduleArn": "arn:aws:scheduler:eu-west-1:123456789012:schedule/ventuno-test/a-r1-1"},
        {
            "Name": "a-r1-1",
            "GroupName": "ventuno-test",
            "ScheduleExpression": "cron(0 9 * * ? *)",
            "ScheduleExpressionTimezone": "Europe/Rome",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": SETUP.target_arn,
                "RoleArn": SETUP.role_arn,
                "Input": '{"at":"<aws.scheduler.scheduled-time>"}',
                "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 60},
                "DeadLetterConfig": {"Arn": SETUP.dead_letters_arn},
            },
        },
    )
    EventBridgeSchedules(lambda: client, SETUP).create(NINE)

    answers.assert_no_pending_responses()


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", errors.StoreUnavailableError),
        ("InternalServerException", errors.StoreUnavailableError),
        ("AccessDeniedException", errors.ConfigurationError),
        ("ValidationException", errors.ConfigurationError),
        ("ServiceQuotaExceededException", errors.ConfigurationError),
    ],
)
def test_a_refusal_is_translated(
    client: Any,  # noqa: ANN401 - any client
    answers: Stubber,
    operation: str,
    code: str,
    kind: type[errors.VentunoError],
) -> None:
    answers.add_client_error(operation, code)

    with pytest.raises(kind):
        CALLS[operation](EventBridgeSchedules(lambda: client, SETUP))


def test_a_service_that_cannot_be_reached_may_be_later() -> None:
    client: Any = boto3.client("scheduler", region_name="eu-west-1")

    def unreachable(**_: Any) -> None:  # noqa: ANN401 - botocore's handler
        raise EndpointConnectionError(endpoint_url="x")

    client.meta.events.register("before-send", unreachable)
    with pytest.raises(errors.StoreUnavailableError):
        EventBridgeSchedules(lambda: client, SETUP).delete(NINE.name)
