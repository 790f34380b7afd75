"""Schedules on EventBridge Scheduler, in one schedule group per stage.

Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_scheduler import EventBridgeSchedulerClient

    from ventuno.execution_ports import Schedule

_PASSING = {"ThrottlingException", "InternalServerException", "ServiceUnavailable"}
LATEST_SECONDS = 3600
"""A moment that could not be delivered for so long goes to the dead letters."""


@dataclass(frozen=True, slots=True)
class ScheduleSetup:
    """What schedules are created with: their group, the function they call, their role, their dead letters.

    Only the group is needed to delete one.
    """

    group: str
    target_arn: str
    role_arn: str
    dead_letters_arn: str


class EventBridgeSchedules:
    """Schedules of one stage. The client is made on first use: few functions need it."""

    def __init__(self, client: Callable[[], EventBridgeSchedulerClient], setup: ScheduleSetup) -> None:
        self._client_of = client
        self._setup = setup

    def create(self, schedule: Schedule) -> None:
        """Create a schedule, unless one of its name exists.

        Raises: StoreUnavailableError, ConfigurationError
        """
        client = self._client_of()
        try:
            client.create_schedule(
                Name=schedule.name,
                GroupName=self._setup.group,
                ScheduleExpression=schedule.timing.expression,
                ScheduleExpressionTimezone=schedule.timing.time_zone,
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={
                    "Arn": self._setup.target_arn,
                    "RoleArn": self._setup.role_arn,
                    "Input": schedule.payload,
                    "RetryPolicy": {"MaximumEventAgeInSeconds": LATEST_SECONDS, "MaximumRetryAttempts": 60},
                    "DeadLetterConfig": {"Arn": self._setup.dead_letters_arn},
                },
            )
        except client.exceptions.ConflictException:
            return
        except (ClientError, BotoCoreError) as error:
            _refuse(error)

    def delete(self, name: str) -> None:
        """Delete a schedule, if there is one. Raises: StoreUnavailableError, ConfigurationError"""
        client = self._client_of()
        try:
            client.delete_schedule(Name=name, GroupName=self._setup.group)
        except client.exceptions.ResourceNotFoundException:
            return
        except (ClientError, BotoCoreError) as error:
            _refuse(error)


def _refuse(error: ClientError | BotoCoreError) -> NoReturn:
    """Tell a refusal that passes from one that somebody must mend."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else "ServiceUnavailable"
    if code in _PASSING:
        raise errors.StoreUnavailableError(f"Scheduler refused the call for now: {error}") from error
    raise errors.ConfigurationError(
        f"Scheduler refuses the call until the setup is mended: {error}"
    ) from error
