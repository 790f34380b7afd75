"""Retrying a failed run: what failed runs again, what is done is not done again, wherever it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, step, written
from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.places import Place
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.runs.model import Run

WRONG: Any = {
    "stepFilters": [{"type": "BOOLEAN", "stepOutputKey": "{{make.id}}", "operand": "CONTAINS", "value": "x"}]
}
GO = step("go", "FILTER", "make", passes("x", "x"), retryOnFailure=1)  # so that it has a call of its own
STEPS = (GO, create("make", "wrong"), step("wrong", "FILTER", "end", WRONG))
RIDES = ("make", "wrong")


def failed(world: World) -> Run:
    """Fail a run whose task rode with a filter, and whose next filter failed."""
    run = world.begin(*STEPS, create("end"))
    world.call(run, "go", RIDES)
    world.runs.close(run.id, 0, RunStatus.FAILED, "WorkflowRun failed", "2026-03-01T12:00:01.000Z")
    return run


def test_a_task_that_rode_along_is_not_run_again(world: World) -> None:
    run = failed(world)
    made = world.states(run.id)["make"]
    again = retry_run(run.id, world.services)
    assert "wrong" not in world.states(run.id)

    world.clock.advance(60)
    world.call(again, "go", RIDES)
    assert world.states(run.id)["make"] == made
    assert world.states(run.id)["wrong"].started_at == "2026-03-01T12:01:00.000Z"
    assert len(world.companies()) == 1


def test_on_another_version_a_task_that_rides_no_more_stands_alone(world: World) -> None:
    run = failed(world)
    right = step("wrong", "FILTER", "end", passes("x", "x"))
    retrying = create("make", "wrong", retryOnFailure=1)
    world.publish(written(STEPS[0], retrying, right, create("end")))
    again = retry_run(run.id, world.services, on_version=2)
    assert world.runs.load(run.id, [Place("make")]).states[0].status is StepStatus.SUCCESS

    event = StepEvent(run=run.id, version=str(again.version), step="make", rides=("wrong",))
    run_step(event, world.services)
    assert len(world.companies()) == 1


def test_only_a_run_that_failed_is_retried(world: World) -> None:
    run = world.begin(create())

    with pytest.raises(errors.ConflictError, match="only a run that FAILED"):
        retry_run(run.id, world.services)
