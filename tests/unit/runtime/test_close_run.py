"""Closing a run: how its execution ended decides, once, and nobody else's execution does."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, step
from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.places import Place
from ventuno.runtime.close_run import ExecutionEnded, close_run

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.runs.model import Run


def ended(run: Run, status: str = "SUCCEEDED", **detail: Any) -> ExecutionEnded:  # noqa: ANN401 - event fields
    """Build the event of an execution's end."""
    return ExecutionEnded.model_validate(
        {
            "executionArn": f"{run.machine_arn}:{run.id}".replace(":stateMachine:", ":execution:"),
            "stateMachineArn": run.machine_arn,
            "name": run.execution_name,
            "status": status,
            "input": json.dumps({"run": run.id, "version": str(run.version), "answers": {}}),
            "inputDetails": {"included": True},
            **detail,
        }
    )


def stored(world: World, run: Run) -> Run:
    return world.runs.load(run.id, []).run


@pytest.fixture
def run(world: World) -> Run:
    """A run of one step that has not been run."""
    return world.begin(create())


def test_a_run_whose_steps_are_done_is_completed(world: World, run: Run) -> None:
    world.call(run)
    world.clock.advance(5)

    assert close_run(ended(run), world.services) is True
    closed = stored(world, run)
    assert (closed.status, closed.error) == (RunStatus.COMPLETED, None)
    assert closed.ended_at == "2026-03-01T12:00:05.000Z"


def test_a_run_that_a_filter_stopped_is_completed(world: World) -> None:
    run = world.begin(step("f", "FILTER", "a", passes("{{trigger.name}}", "Other")), create())

    assert close_run(ended(run), world.services) is True
    assert stored(world, run).status is RunStatus.COMPLETED


@pytest.mark.parametrize(
    ("detail", "status", "error"),
    [
        (
            {"status": "FAILED", "error": "StepFailedError", "cause": "{}"},
            RunStatus.FAILED,
            "WorkflowRun failed",
        ),
        (
            {
                "status": "FAILED",
                "error": "TypeError",
                "cause": '{"errorMessage": "no", "errorType": "TypeError"}',
            },
            RunStatus.FAILED,
            "TypeError: no",
        ),
        (
            {"status": "FAILED", "error": "States.Timeout", "cause": "late"},
            RunStatus.FAILED,
            "States.Timeout: late",
        ),
        ({"status": "FAILED"}, RunStatus.FAILED, "FAILED"),
        ({"status": "FAILED", "error": "X", "cause": "[1]"}, RunStatus.FAILED, "X: [1]"),
        ({"status": "TIMED_OUT"}, RunStatus.FAILED, "TIMED_OUT"),
        ({"status": "ABORTED"}, RunStatus.STOPPED, "the execution was stopped"),
    ],
)
def test_how_an_execution_ended_is_how_its_run_did(
    world: World, run: Run, detail: dict[str, str], status: RunStatus, error: str
) -> None:
    world.call(run)
    assert close_run(ended(run, **detail), world.services) is True
    closed = stored(world, run)
    assert (closed.status, closed.error) == (status, error)


def test_a_call_that_never_answered_is_told_as_the_failure_of_its_step(world: World) -> None:
    run = world.begin(create("a", ["b", "c"]), create("b", "j"), create("c", "j"), create("j"))
    world.call(run, "a")
    world.call(run, "c")
    died = {"error": "Lambda.Unknown", "cause": '{"errorMessage": "out of memory"}'}

    assert close_run(ended(run, "FAILED", **died), world.services) is True
    closed, states = stored(world, run), world.states(run.id)
    assert (closed.status, closed.error) == (RunStatus.FAILED, "WorkflowRun failed")
    assert closed.failed == {Place("b")}
    assert states["b"].status is StepStatus.FAILED
    assert str(states["b"].error).startswith(
        "the function that ran this step gave no answer (Lambda.Unknown: out of memory); how far"
    )
    assert "j" not in states


def test_a_try_that_never_answered_is_told_as_the_failure_of_its_step(world: World) -> None:
    gone = {"objectName": "company", "objectRecordId": str(uuid.uuid4()), "objectRecord": {"name": "x"}}
    run = world.begin(step("a", "UPDATE_RECORD", (), gone, retryOnFailure=1))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)

    close_run(ended(run, "FAILED", error="Lambda.Unknown"), world.services)
    assert stored(world, run).failed == {Place("a")}
    assert "gave no answer (Lambda.Unknown);" in str(world.states(run.id)["a"].error)


def test_a_failed_step_makes_a_failed_run(world: World) -> None:
    given = {"objectName": "{{trigger.object}}", "objectRecord": {}}
    run = world.begin(step("a", "CREATE_RECORD", given=given), payload={"object": "nothing"})
    with pytest.raises(errors.StepFailedError):
        world.call(run)

    close_run(ended(run, "FAILED", error="StepFailedError"), world.services)

    assert stored(world, run).status is RunStatus.FAILED


def test_closing_twice_changes_nothing(world: World, run: Run) -> None:
    world.call(run)
    close_run(ended(run), world.services)
    before = stored(world, run)

    assert close_run(ended(run, "FAILED", error="X"), world.services) is False
    assert stored(world, run) == before


@pytest.mark.parametrize(
    "detail",
    [
        {"status": "RUNNING"},
        {"status": "PENDING_REDRIVE"},
        {"status": "FAILED", "error": "States.ServiceRestart"},
        {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:other"},
        {"name": "another-execution"},
        {"input": None},
        {"input": "not JSON"},
        {"input": "[]"},
        {"input": '{"run": 7}'},
        {"input": '{"run": "no-such-run"}'},
    ],
    ids=str,
)
def test_what_is_not_the_end_of_a_run_closes_nothing(world: World, run: Run, detail: dict[str, Any]) -> None:
    world.call(run)

    assert close_run(ended(run, **detail), world.services) is False
    assert stored(world, run).status is RunStatus.RUNNING


def test_the_end_of_an_earlier_attempt_closes_nothing(world: World, run: Run) -> None:
    world.call(run)
    world.runs.begin_attempt(run.id, 0)

    assert close_run(ended(run), world.services) is False
    assert close_run(ended(stored(world, run)), world.services) is True


def test_a_run_with_steps_left_is_not_closed_though_its_execution_succeeded(world: World, run: Run) -> None:
    assert close_run(ended(run), world.services) is False
    assert stored(world, run).status is RunStatus.RUNNING
