"""Whole runs: the compiled machine is walked, its tasks are the real use case, then the run is closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.asl_walker import TaskFailedError, Walk, walk
from tests.builders import Json, branches, passes, step, written
from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import Execution
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.show_run import show_run
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.sweep import GRACE_SECONDS, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.world import World


def company(name: str) -> Json:
    return {"objectName": "company", "objectRecord": {"name": name}}


FIVE = written(
    step("wanted", "FILTER", "look", passes("{{trigger.kind}}", "lead")),
    step(
        "look",
        "FIND_RECORDS",
        "known",
        {
            "objectName": "company",
            "filter": {
                "recordFilters": [
                    {"fieldMetadataId": "name", "operand": "CONTAINS", "value": "{{trigger.company}}"}
                ]
            },
        },
    ),
    step("known", "IF_ELSE", given=branches("make", "change", on="{{look.totalCount}}")),
    step("make", "CREATE_RECORD", "person", company("{{trigger.company}}")),
    step(
        "change",
        "UPDATE_RECORD",
        "person",
        {
            "objectName": "company",
            "objectRecordId": "{{look.first.id}}",
            "objectRecord": {"name": "{{trigger.company}} (known)"},
        },
    ),
    step(
        "person",
        "CREATE_RECORD",
        (),
        {
            "objectName": "person",
            "objectRecord": {"emails": {"primaryEmail": "{{trigger.email}}"}, "companyId": "{{make.id}}"},
        },
    ),
)


def finish(world: World, before_task: Callable[[Json], None] | None = None) -> Walk:
    """Walk the execution that was started last, end it, and deliver the news of its end."""
    started = world.machines.started[-1]
    machine = json.loads(world.machines.created[started.machine_arn].definition)

    def task(payload: Json) -> Any:  # noqa: ANN401 - any JSON
        if before_task is not None:
            before_task(payload)
        try:
            return json.loads(json.dumps(run_step(StepEvent.model_validate(payload), world.services)))
        except errors.StepError as error:
            raise TaskFailedError(type(error).__name__, json.dumps({"errorMessage": str(error)})) from error

    done = walk(machine, started.payload, task, world.clock.advance)
    world.machines.end(started, done.execution)
    detail = {
        "executionArn": started.machine_arn.replace("stateMachine", "execution") + f":{started.name}",
        "stateMachineArn": started.machine_arn,
        "name": started.name,
        "status": done.execution.status,
        "input": started.payload,
        "error": done.execution.error,
        "cause": done.execution.cause,
    }
    close_run(ExecutionEnded.model_validate(detail), world.services)
    return done


def statuses(world: World, run_id: str) -> dict[str, str]:
    infos: Any = show_run(run_id, world.services)["state"]
    return {step_id: info["status"] for step_id, info in infos["stepInfos"].items()}


def lead(name: str = "Acme") -> Json:
    return {"kind": "lead", "company": name, "email": f"{name.lower()}@example.com"}


def test_a_run_takes_its_branch_and_ends_completed(world: World) -> None:
    world.publish(FIVE)
    run = world.start(lead()).run
    done = finish(world)

    assert world.runs.load(run.id, []).run.status is RunStatus.COMPLETED
    assert statuses(world, run.id) == {
        "trigger": "SUCCESS",
        "wanted": "SUCCESS",
        "look": "SUCCESS",
        "known": "SUCCESS",
        "make": "SUCCESS",
        "change": "SKIPPED",
        "person": "SUCCESS",
    }
    assert len(done.entered) == 5
    (person,) = world.services.records.find("person").records
    assert person["companyId"] == world.companies()[0]["id"]


def test_a_second_run_takes_the_other_branch(world: World) -> None:
    world.publish(FIVE)
    world.start(lead())
    finish(world)
    run = world.start({**lead(), "email": "other@example.com"}).run
    finish(world)

    assert statuses(world, run.id)["make"] == "SKIPPED"
    assert [record["name"] for record in world.companies()] == ["Acme (known)"]


def test_a_run_that_its_first_filter_stops_is_completed_without_a_call(world: World) -> None:
    world.publish(FIVE)
    run = world.start({"kind": "spam"}).run
    calls: list[Json] = []
    done = finish(world, calls.append)

    assert (calls, done.execution) == ([], Execution("SUCCEEDED"))
    assert world.runs.load(run.id, []).run.status is RunStatus.COMPLETED
    assert set(statuses(world, run.id).values()) == {"SUCCESS", "STOPPED", "SKIPPED"}


def test_a_run_whose_step_fails_is_failed_and_says_where(world: World) -> None:
    world.publish(FIVE)
    run = world.start({"kind": "lead", "company": "Acme", "email": 7}).run
    finish(world)
    view: Any = show_run(run.id, world.services)

    assert (view["status"], view["error"]) == ("FAILED", "WorkflowRun failed")
    assert view["state"]["stepInfos"]["person"]["status"] == "FAILED"
    assert view["state"]["stepInfos"]["person"]["error"]


def test_a_step_that_is_retried_waits_1_5_and_15_seconds_and_a_rescued_one_lets_the_run_go_on(
    world: World,
) -> None:
    missing = {
        "objectName": "company",
        "objectRecordId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121",
        "objectRecord": {"name": "x"},
    }
    change = step("change", "UPDATE_RECORD", "b", missing, retryOnFailure=3, continueOnFailure=True)
    world.publish(written(change, step("b", "CREATE_RECORD", given=company("after"))))
    run = world.start().run
    done = finish(world)

    assert done.waits == [1.0, 5.0, 15.0]
    assert statuses(world, run.id) == {"trigger": "SUCCESS", "change": "FAILED_SAFELY", "b": "SUCCESS"}
    assert world.runs.load(run.id, []).run.status is RunStatus.COMPLETED


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_run_cut_off_before_any_of_its_calls_is_resumed_and_does_everything_once(
    world: World, cut: int
) -> None:
    world.publish(FIVE)
    run = world.start(lead()).run
    calls: list[str] = []

    def cut_off(payload: Json) -> None:
        if len(calls) == cut and payload["step"] not in calls:
            raise TaskFailedError("States.ServiceRestart")
        calls.append(payload["step"])

    finish(world, cut_off)
    assert world.runs.load(run.id, []).run.status is RunStatus.RUNNING
    world.clock.advance(GRACE_SECONDS)
    assert sweep(world.services).resumed == 1
    finish(world)

    assert world.runs.load(run.id, []).run.status is RunStatus.COMPLETED
    assert len(world.companies()) == 1
    assert len(world.services.records.find("person").records) == 1


def test_a_run_stopped_in_the_middle_starts_no_further_step(world: World) -> None:
    world.publish(FIVE)
    run = world.start(lead()).run

    def stop(payload: Json) -> None:
        if payload["step"] == "make":
            world.runs.close(run.id, 0, RunStatus.STOPPED, "stopped", "2026-03-01T12:00:01.000Z")

    done = finish(world, stop)

    assert done.execution.error == "RunNotRunningError"
    assert world.companies() == []
    assert world.runs.load(run.id, []).run.status is RunStatus.STOPPED
