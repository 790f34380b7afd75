"""Following a stack operation, with a scripted CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from ventuno_dev.stack import cloudformation
from ventuno_dev.stack.errors import DeployError

if TYPE_CHECKING:
    from tests.unit.stack.conftest import Recorded
    from ventuno_dev.stack.clients import Clients

STACK_ID = "arn:stack"
CHANGE = cloudformation.Change("http://template", {"Stage": "dev"}, frozenset({"Stage", "LogLevel"}))


def event(number: int, logical_id: str, status: str, reason: str = "") -> dict[str, str]:
    return {
        "EventId": str(number),
        "StackId": STACK_ID,
        "PhysicalResourceId": STACK_ID if logical_id == "ventuno-dev" else logical_id,
        "LogicalResourceId": logical_id,
        "ResourceType": "AWS::Some::Thing",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


class Script:
    """CloudFormation whose stack goes through the given statuses, one a call, and has the given events."""

    class exceptions:  # noqa: N801 - boto3's name
        ClientError = ClientError

    def __init__(self, statuses: list[str | None], events: list[dict[str, str]], refusal: str = "") -> None:
        self.statuses, self.events, self.refusal = statuses, events, refusal
        self.updates: list[dict[str, Any]] = []

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status is None:
            raise self.error("Stack with id ventuno-dev does not exist")
        return {"Stacks": [{"StackId": STACK_ID, "StackStatus": status}]}

    def update_stack(self, **request: Any) -> None:  # noqa: ANN401 - CloudFormation's own
        self.updates.append(request)
        if self.refusal:
            raise self.error(self.refusal)

    def get_paginator(self, name: str) -> Script:
        assert name == "describe_stack_events"
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"StackEvents": self.events[at : at + 2]} for at in range(0, len(self.events), 2)]

    @staticmethod
    def error(message: str) -> ClientError:
        return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "Operation")


class FakeClients:
    def __init__(self, script: Script) -> None:
        self.cloudformation = script


def clients(script: Script) -> Clients:
    return cast("Clients", FakeClients(script))


def test_each_event_of_the_operation_is_told_once_and_none_of_an_earlier_one(progress: Recorded) -> None:
    events = [  # newest first, as CloudFormation lists them
        event(5, "ventuno-dev", "UPDATE_COMPLETE"),
        event(4, "Api", "UPDATE_COMPLETE"),
        event(3, "Api", "UPDATE_IN_PROGRESS"),
        event(2, "ventuno-dev", "UPDATE_IN_PROGRESS"),
        event(1, "Runs", "CREATE_COMPLETE"),
    ]
    script = Script(["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], events)
    cloudformation.wait(clients(script), "ventuno-dev", progress)

    assert progress.details == ["update complete Api", "update complete ventuno-dev"]


def test_the_first_failure_is_the_reason_and_not_what_it_cancelled(progress: Recorded) -> None:
    events = [
        event(4, "ventuno-dev", "ROLLBACK_COMPLETE"),
        event(3, "Api", "CREATE_FAILED", "Resource creation cancelled"),
        event(2, "Runs", "CREATE_FAILED", "no such key type"),
        event(1, "ventuno-dev", "CREATE_IN_PROGRESS"),
    ]
    script = Script(["ROLLBACK_COMPLETE"], events)

    with pytest.raises(DeployError, match=r"ROLLBACK_COMPLETE: Runs \(AWS::Some::Thing\): no such key type"):
        cloudformation.wait(clients(script), "ventuno-dev", progress)


def test_a_stack_deleted_meanwhile_is_an_error(progress: Recorded) -> None:
    script = Script([None], [event(1, "ventuno-dev", "CREATE_IN_PROGRESS")])

    with pytest.raises(DeployError, match="ended as deleted"):
        cloudformation.wait(clients(script), "ventuno-dev", progress)


def test_an_operation_under_way_is_waited_for(progress: Recorded) -> None:
    script = Script(["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], [])
    stack = cloudformation.make_ready(clients(script), "ventuno-dev", progress)

    assert stack == cloudformation.Stack(STACK_ID, "UPDATE_COMPLETE")
    assert progress.steps == ["waiting for the operation under way on ventuno-dev"]


def test_an_update_keeps_the_parameters_that_it_does_not_set() -> None:
    script = Script(["UPDATE_COMPLETE"], [])
    old = cloudformation.Stack(
        STACK_ID, "UPDATE_COMPLETE", {"Stage": "dev", "LogLevel": "DEBUG", "Gone": "x"}
    )
    changed = cloudformation.update(clients(script), old, CHANGE, {})

    assert changed is True
    assert script.updates[0]["Parameters"] == [
        {"ParameterKey": "Stage", "ParameterValue": "dev"},
        {"ParameterKey": "LogLevel", "UsePreviousValue": True},
    ]


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [("No updates are to be performed.", "nothing"), ("Parameters: [Stage] must have values", "refused")],
)
def test_nothing_to_update_is_no_error_but_a_refusal_is(refusal: str, outcome: str) -> None:
    script = Script(["UPDATE_COMPLETE"], [], refusal)
    old = cloudformation.Stack(STACK_ID, "UPDATE_COMPLETE")

    if outcome == "nothing":
        assert cloudformation.update(clients(script), old, CHANGE, {}) is False
    else:
        with pytest.raises(DeployError, match=r"refused the template: Parameters: \[Stage\]"):
            cloudformation.update(clients(script), old, CHANGE, {})
