"""The view of a run: the reference's `state`, with what nobody stored filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, create, passes, step, written
from tests.graphs.cases import Case
from tests.graphs.running import running
from tests.graphs.simulating import loop
from ventuno import errors
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus
from ventuno.runs.model import ChainCut, VersionRef
from ventuno.runtime.show_run import list_runs, run_figures, show_run
from ventuno.runtime.validation import compile_checked
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from tests.fakes.world import World

MISSING = {
    "objectName": "company",
    "objectRecordId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121",
    "objectRecord": {"name": "x"},
}
STEPS = [
    create("a", "i"),
    step("i", "IF_ELSE", given=branches("b", "c")),
    create("b"),
    create("c"),
]


def shown(world: World, run_id: str) -> dict[str, str]:
    """Show the status of every step."""
    infos: Any = show_run(run_id, world.services)["state"]
    return {step_id: info["status"] for step_id, info in infos["stepInfos"].items()}


def test_a_run_that_goes_on_shows_what_is_done_what_runs_and_what_does_not(world: World) -> None:
    run = world.begin(*STEPS, payload={"name": "Acme", "branch": 0})
    assert shown(world, run.id) == {
        "trigger": "SUCCESS",
        "a": "RUNNING",
        "i": "NOT_STARTED",
        "b": "NOT_STARTED",
        "c": "NOT_STARTED",
    }

    world.call(run, rides=("i",))

    assert shown(world, run.id) == {
        "trigger": "SUCCESS",
        "a": "SUCCESS",
        "i": "SUCCESS",
        "b": "RUNNING",
        "c": "SKIPPED",
    }


def test_a_run_has_the_shape_of_the_reference(world: World) -> None:
    authored = written(
        create("a", "f"), step("f", "FILTER", given=passes("{{a.name}}", "Other")), name="Flow"
    )
    world.publish(authored)
    run = world.start({"name": "Acme"}).run
    world.call(run, rides=("f",))
    world.runs.close(run.id, 0, RunStatus.COMPLETED, None, "2026-03-01T12:00:01.000Z")
    view: Any = show_run(run.id, world.services)

    assert {
        key: view[key] for key in ("id", "name", "versionNumber", "status", "endedAt", "error", "test")
    } == {
        "id": run.id,
        "name": "#1 - Flow",
        "versionNumber": 1,
        "status": "COMPLETED",
        "endedAt": "2026-03-01T12:00:01.000Z",
        "error": None,
        "test": False,
    }
    assert view["state"]["flow"]["steps"] == authored["steps"]
    assert view["state"]["stepInfos"]["trigger"] == {"status": "SUCCESS", "result": {"name": "Acme"}}
    assert view["state"]["stepInfos"]["a"]["result"]["name"] == "Acme"
    assert view["state"]["stepInfos"]["f"]["result"] == {"matchesFilter": False}
    assert "workflowRunError" not in view["state"]


def test_a_run_says_where_its_chain_was_cut(world: World) -> None:
    run = world.begin(create())
    before: Any = show_run(run.id, world.services)
    world.runs.note_cut(run.id, ChainCut("company.updated", "8f14e45f", ("flow",), 10))
    after: Any = show_run(run.id, world.services)

    assert before["chainCut"] is None
    assert after["chainCut"] == {
        "event": "company.updated",
        "recordId": "8f14e45f",
        "workflows": ["flow"],
        "limit": 10,
    }


def test_a_failed_step_shows_its_error_and_its_tries(world: World) -> None:
    run = world.begin(step("a", "UPDATE_RECORD", "b", MISSING, retryOnFailure=1), create("b"))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    with pytest.raises(errors.StepFailedError):
        world.call(run)
    world.runs.close(run.id, 0, RunStatus.FAILED, "WorkflowRun failed", "2026-03-01T12:00:01.000Z")
    state: Any = show_run(run.id, world.services)["state"]

    assert state["workflowRunError"] == "WorkflowRun failed"
    assert state["stepInfos"]["a"]["status"] == "FAILED"
    assert "8f14e45f" in state["stepInfos"]["a"]["error"]
    assert [entry["retryAttempt"] for entry in state["stepInfos"]["a"]["history"]] == [1]
    assert state["stepInfos"]["b"] == {"status": "NOT_STARTED"}


def test_a_step_cut_off_by_the_end_of_its_run_is_failed(world: World) -> None:
    run = world.begin(create())
    world.runs.close(run.id, 0, RunStatus.STOPPED, "stopped", "2026-03-01T12:00:01.000Z")
    state: Any = show_run(run.id, world.services)["state"]

    assert state["stepInfos"]["a"] == {"status": "FAILED", "error": ENDED_BEFORE}


def test_a_retry_that_waits_is_pending_while_the_run_goes_on(world: World) -> None:
    run = world.begin(step("a", "UPDATE_RECORD", (), MISSING, retryOnFailure=1))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    assert shown(world, run.id)["a"] == "PENDING"

    world.runs.close(run.id, 0, RunStatus.FAILED, "TIMED_OUT", "2026-03-01T12:00:01.000Z")
    assert shown(world, run.id)["a"] == "FAILED"


def test_an_iterator_that_has_begun_counts_its_items_inside_another_loop_too() -> None:
    rows = [["a", "b"], ["c"]]
    case = Case(
        written(
            loop("outer", "inner", rows),
            loop("inner", "b", "{{outer.currentItem}}", "outer"),
            create("b", "inner"),
        ),
        {},
        {"b": [[[{"result": {}}], [{"error": "no"}]]]},
    )
    started = running(case)
    infos: Any = show_run(started.run.id, started.services)["state"]
    assert "count" not in infos["stepInfos"]["outer"]

    started.simulate()

    infos = show_run(started.run.id, started.services)["state"]
    assert {step_id: info.get("count") for step_id, info in infos["stepInfos"].items()} == {
        "trigger": None,
        "outer": 2,
        "inner": 2,
        "b": None,
    }


def test_a_run_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(errors.NotFoundError, match="nothing"):
        show_run("nothing", world.services)


def test_runs_are_listed_by_workflow_and_status(world: World) -> None:
    world.publish(written(create()), "one")
    world.publish(written(create()), "two")
    first = world.start(slug="one").run
    world.clock.advance(1)
    second = world.start(slug="one").run
    world.start(slug="two")
    world.runs.close(first.id, 0, RunStatus.FAILED, None, "2026-03-01T12:00:01.000Z")
    one = world.workflow("one")

    def listed(*, of_one: bool, status: RunStatus | None) -> list[str]:
        page: Any = list_runs(world.services, one if of_one else None, status, 9, None)
        return [item["id"] for item in page["runs"]]

    assert listed(of_one=True, status=None) == [second.id, first.id]
    assert listed(of_one=True, status=RunStatus.FAILED) == [first.id]
    assert listed(of_one=False, status=RunStatus.FAILED) == [first.id]
    assert len(listed(of_one=False, status=RunStatus.RUNNING)) == 2


def test_the_figures_of_a_run_count_requests_and_transitions_by_step(world: World) -> None:
    filtered = step("f", "FILTER", "b", passes("{{a.name}}", "Acme"))
    run = world.begin(create("a", "f"), filtered, create("b"))
    world.call(run, rides=("f",))
    names = {step_id: name for name, step_id in _states(world).items()}
    world.machines.entered[run.machine_arn, run.id] = [names["a"]]
    world.machines.entered[run.machine_arn, f"{run.id}-r1"] = [names["a"], names["f"], "end"]
    world.runs.begin_attempt(run.id, 0)
    figures: Any = run_figures(run.id, world.services)

    assert (figures["transitions"], figures["calls"], figures["executedSteps"]) == (4, 1, 2)
    assert figures["transitionsPerStep"] == 2.0
    assert {item["id"]: item["transitions"] for item in figures["steps"]} == {"a": 2, "f": 1}


def _states(world: World) -> dict[str, str]:

    ref = VersionRef(world.workflow().id, 1)
    definition = read_version(ref, world.workflows, world.payloads).definition
    return compile_checked(definition).source_map
