"""scheduler, given what EventBridge Scheduler sends, on moto."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from tests.builders import step, written
from tests.functional.deployment import ENVIRONMENT, REGION, call, publish, services
from ventuno.execution_ports import SCHEDULED_TIME
from ventuno.runtime.activate import deactivate

pytestmark = pytest.mark.usefixtures("deployed")

GROUP = ENVIRONMENT["SCHEDULE_GROUP"]
DAILY = written(
    step("a"),
    trigger={"type": "CRON", "settings": {"type": "DAYS", "schedule": {"day": 1, "hour": 9, "minute": 0}}},
)


def names() -> list[str]:
    client: Any = boto3.client("scheduler", region_name=REGION)
    return [schedule["Name"] for schedule in client.list_schedules(GroupName=GROUP)["Schedules"]]


def sent(name: str) -> Any:  # noqa: ANN401 - what the schedule sends
    client: Any = boto3.client("scheduler", region_name=REGION)
    text = client.get_schedule(Name=name, GroupName=GROUP)["Target"]["Input"]
    return json.loads(text.replace(SCHEDULED_TIME, "2026-03-02T09:00:00Z"))


def test_what_a_schedule_sends_starts_one_run() -> None:
    workflow = publish(DAILY)
    (name,) = names()

    assert [call("scheduler", sent(name)) for _ in range(2)] == [{"fired": "started"}, {"fired": "known"}]
    assert len(services().runs.by_workflow(workflow.id, 9, None).runs) == 1
    deactivate(workflow, services())
    assert names() == []


def test_a_schedule_left_behind_deletes_itself_when_it_fires() -> None:
    workflow = publish(DAILY)
    (name,) = names()
    event = sent(name)
    deactivate(workflow, services())
    client: Any = boto3.client("scheduler", region_name=REGION)
    client.create_schedule(
        Name=name,
        GroupName=GROUP,
        ScheduleExpression="cron(0 9 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": ENVIRONMENT["SCHEDULER_ARN"], "RoleArn": ENVIRONMENT["SCHEDULE_ROLE_ARN"]},
    )

    assert call("scheduler", event) == {"fired": "deleted"}
    assert names() == []
