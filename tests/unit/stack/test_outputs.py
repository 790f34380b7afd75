from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.peers.health_server import answering
from ventuno_dev.stack import health, outputs, pidfile
from ventuno_dev.stack.errors import NotRunningError
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from ventuno_dev.stack.target import Target

DECLARED = {
    "ApiUrl": "https://0a1b2c3d.execute-api.us-east-1.amazonaws.com",
    "ApiId": "0a1b2c3d",
    "RecordsTable": "records",
    "RunsTable": "runs",
    "WorkflowsTable": "workflows",
    "PayloadBucket": "payloads",
    "StateMachinePrefix": "arn:aws:states:us-east-1:000000000000:stateMachine:dev-",
    "StepRunnerArn": "arn:step-runner",
    "RunRoleArn": "arn:role",
    "BatchRunRoleArn": "arn:batch-role",
    "CodeRunnerArn": "arn:code",
    "RunEventsArn": "arn:run-events",
    "ScheduleGroup": "ventuno-dev",
    "ScheduleRoleArn": "arn:schedule-role",
    "SchedulerArn": "arn:scheduler",
    "UndeliveredEventsArn": "arn:undelivered",
    "Stage": "dev",
    "WorkspaceId": "default",
    "RunsPerMinute": "0",
    "RunsPerHour": "0",
    "LogLevel": "INFO",
    "BuildId": "not one of ours",
}


def test_outputs_are_remembered_while_the_same_emulator_runs(embedded: Target) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    remembered = outputs.remember(embedded, "dev", DECLARED)

    # Nothing listens on the target's port, so an answer can only come from the cache.
    assert outputs.stack_outputs(embedded, "dev") == remembered
    assert remembered.api_url == "http://127.0.0.1:9/_aws/execute-api/0a1b2c3d"
    assert remembered.runs_table == "runs"


def test_another_emulator_on_the_same_folder_is_asked_itself(embedded: Target) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    outputs.remember(embedded, "dev", DECLARED)
    pidfile.write(embedded.data, os.getpid(), 10)

    with pytest.raises(NotRunningError):
        outputs.stack_outputs(embedded, "dev")


@pytest.mark.parametrize("state", ["", "[]", '{"dev": {}}', '{"dev": {"runner": [1], "outputs": {}}}'])
def test_a_broken_cache_is_no_cache(embedded: Target, state: str) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    (embedded.data / "state.json").write_text(state)

    with pytest.raises(NotRunningError):
        outputs.stack_outputs(embedded, "dev")


def test_verifying_asks_the_stack_whatever_is_cached(embedded: Target) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    outputs.remember(embedded, "dev", DECLARED)

    with pytest.raises(NotRunningError, match="ventuno up"):
        outputs.stack_outputs(embedded, "dev", verify=True)


def test_the_outputs_of_other_targets_are_never_cached(embedded: Target) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    elsewhere = replace(embedded, kind=TargetKind.ENDPOINT)
    outputs.remember(elsewhere, "dev", DECLARED)

    assert not (embedded.data / "state.json").exists()
    with pytest.raises(NotRunningError, match="AWS_ENDPOINT_URL"):
        outputs.stack_outputs(elsewhere, "dev")


def test_stages_are_remembered_side_by_side(embedded: Target) -> None:
    pidfile.write(embedded.data, os.getpid(), 9)
    outputs.remember(embedded, "dev", DECLARED)
    outputs.remember(embedded, "two", DECLARED | {"Stage": "two"})

    assert outputs.stack_outputs(embedded, "dev").stage == "dev"
    assert outputs.stack_outputs(embedded, "two").stage == "two"


def test_the_stack_of_another_checkout_on_the_same_port_is_not_taken_for_ours(embedded: Target) -> None:
    with answering(200, b'{"services": {"dynamodb": "available"}}') as url:
        ours = replace(embedded, endpoint_url=url)
        assert health.is_healthy(url)

        with pytest.raises(NotRunningError, match="ventuno up"):
            outputs.stack_outputs(ours, "dev")
