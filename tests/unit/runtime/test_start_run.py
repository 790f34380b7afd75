"""Starting runs: one event makes one run, and an accepted event is never lost."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import Json, branches, passes, step, written
from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import PayloadRef
from ventuno.runs.places import Place
from ventuno.runtime.start_run import RETENTION_SECONDS, Start, run_id_of, start_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep

if TYPE_CHECKING:
    from tests.fakes.world import World

TASK = step("a", "CREATE_RECORD", given={"objectName": "company", "objectRecord": {}})


def test_a_run_is_stored_and_its_execution_started(world: World) -> None:
    workflow = world.publish(written(TASK, name="Welcome"))
    started = world.start({"name": "Ann"})
    run = world.runs.load(started.run.id, []).run
    (execution,) = world.machines.started

    assert run == started.run
    assert (run.name, run.status, run.version.number) == ("#1 - Welcome", RunStatus.RUNNING, 1)
    assert check_out(run.payload, world.payloads) == {"name": "Ann"}
    assert run.causation == (run.id,)
    assert (execution.machine_arn, execution.name) == (run.machine_arn, run.id)
    assert json.loads(execution.payload) == {"run": run.id, "version": f"{workflow.id}:v1", "answers": {}}


def test_runs_are_numbered_by_workflow(world: World) -> None:
    world.publish(written(TASK, name="One"), "one")
    world.publish(written(TASK, name="Two"), "two")
    names = [world.start(slug=slug).run.name for slug in ("one", "one", "two")]

    assert names == ["#1 - One", "#2 - One", "#1 - Two"]


def test_an_event_that_comes_again_takes_no_number(world: World) -> None:
    world.publish(written(TASK, name="One"))
    names = [world.start(key=key).run.name for key in ("a", "a", "b", "a", "b", "c")]

    assert names == ["#1 - One", "#1 - One", "#2 - One", "#1 - One", "#2 - One", "#3 - One"]


def test_a_run_outlives_the_90_days_in_which_its_key_counts(world: World) -> None:
    world.publish(written(TASK))
    run = world.start().run

    assert run.expires_at == int(world.clock.now().timestamp()) + RETENTION_SECONDS
    assert RETENTION_SECONDS >= 90 * 86_400


@pytest.mark.parametrize(
    "waiting",
    [
        step("d", "DELAY", "a", {"delayType": "DURATION", "duration": {"days": 300}}),
        step("d", "FORM", "a", {"fields": [{"id": "f", "name": "x", "label": "X", "type": "TEXT"}]}),
    ],
    ids=["delay", "form"],
)
def test_a_run_that_may_wait_for_a_year_is_kept_for_a_year_more(world: World, waiting: Json) -> None:
    world.publish(written(waiting, TASK))
    run = world.start().run

    kept = run.expires_at - int(world.clock.now().timestamp())
    assert kept == RETENTION_SECONDS + 365 * 86_400


def test_the_same_event_is_the_same_run(world: World) -> None:
    world.publish(written(TASK))
    first, again = world.start({"n": 1}, key="event-1"), world.start({"n": 2}, key="event-1")

    assert (first.fresh, again.fresh) == (True, False)
    assert again.run == first.run
    assert len(world.machines.started) == 1


def test_another_event_or_another_workflow_is_another_run(world: World) -> None:
    world.publish(written(TASK), "one")
    world.publish(written(TASK), "two")
    runs = {world.start(slug=slug, key=key).run.id for slug in ("one", "two") for key in ("a", "b")}

    assert len(runs) == 4


def test_events_without_a_key_are_runs_of_their_own(world: World) -> None:
    world.publish(written(TASK))

    assert world.start().run.id != world.start().run.id


def test_run_ids_do_not_change_between_releases() -> None:
    assert run_id_of("workflow-1", "event-1") == str(
        uuid.uuid5(uuid.UUID("6f0b2f0e-4ab5-5d0c-9d5e-2b1d4c7c2121"), "workflow-1\nevent-1")
    )


def test_an_event_that_comes_many_times_at_once_makes_one_run(world: World) -> None:
    world.publish(written(TASK))
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda number: world.start({"n": number}, key="event-1"), range(16)))

    assert len({item.run.id for item in started}) == 1
    assert sum(item.fresh for item in started) == 1
    assert len(world.machines.started) == 1


def test_a_refused_start_leaves_a_running_run_that_the_sweep_starts(world: World) -> None:
    world.publish(written(TASK))
    world.machines.refusal = errors.StoreUnavailableError("throttled")
    run = world.start().run

    assert world.runs.load(run.id, []).run.status is RunStatus.RUNNING
    assert world.machines.started == []

    world.machines.refusal = None
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)

    assert [execution.name for execution in world.machines.started] == [run.id]


def test_a_missing_machine_fails_the_run_at_once(world: World) -> None:
    world.publish(written(TASK))
    world.machines.created.clear()
    run = world.runs.load(world.start().run.id, []).run

    assert run.status is RunStatus.FAILED
    assert run.ended_at is not None
    assert "does not exist" in str(run.error)


def test_a_workflow_that_is_not_active_starts_nothing(world: World) -> None:
    workflow = replace(world.publish(written(TASK)), active=None)

    with pytest.raises(errors.WorkflowStatusError, match="activate it first"):
        start_run(Start(workflow, {}, {}), world.services)
    assert world.runs.by_status(RunStatus.RUNNING, 9, None).runs == ()


def test_filters_right_after_the_trigger_are_evaluated_when_the_run_starts(world: World) -> None:
    world.publish(
        written(
            step("f", "FILTER", "i", passes("{{trigger.name}}", "Ann")),
            step("i", "IF_ELSE", given=branches(None, "a")),
            TASK,
        )
    )
    run = world.start({"name": "Ann", "branch": 5}).run
    states = {state.step_id: state for state in run.start_riders}

    assert json.loads(world.machines.started[0].payload)["answers"] == {"f": True, "i": 1}
    assert {step_id: state.status for step_id, state in states.items()} == {
        "f": StepStatus.SUCCESS,
        "i": StepStatus.SUCCESS,
    }


def test_nothing_behind_a_filter_that_does_not_match_is_evaluated(world: World) -> None:
    world.publish(
        written(
            step("f", "FILTER", "i", passes("{{trigger.name}}", "Ann")),
            step("i", "IF_ELSE", given=branches("a", None)),
            TASK,
        )
    )
    run = world.start({"name": "Bob"}).run

    assert json.loads(world.machines.started[0].payload)["answers"] == {"f": False}
    assert [(state.step_id, state.status) for state in run.start_riders] == [("f", StepStatus.STOPPED)]


def test_a_filter_that_fails_right_after_the_trigger_is_told_to_the_machine(world: World) -> None:
    world.publish(written(step("f", "FILTER", "a", _impossible()), TASK))
    run = world.start({"on": True}).run

    assert run.status is RunStatus.RUNNING
    assert run.failed == {Place("f")}
    assert json.loads(world.machines.started[0].payload)["answers"] == {"f": "failed"}


def test_a_delay_that_fails_right_after_the_trigger_is_a_run_without_an_execution(
    world: World,
) -> None:
    past = {"delayType": "SCHEDULED_DATE", "scheduledDateTime": "{{trigger.date}}"}
    world.publish(written(step("d", "DELAY", "a", past), TASK))
    run = world.start({"date": "2020-01-01T00:00:00Z"}).run

    assert (run.status, run.error) == (RunStatus.FAILED, "WorkflowRun failed")
    assert run.ended_at is not None
    assert [state.status for state in run.start_riders] == [StepStatus.FAILED]
    assert world.machines.started == []


def _impossible() -> dict[str, object]:
    """Write a filter with an operand that its type does not know."""
    return {
        "stepFilters": [
            {"type": "BOOLEAN", "stepOutputKey": "{{trigger.on}}", "operand": "CONTAINS", "value": "x"}
        ]
    }


def test_a_big_payload_is_stored_apart_and_a_too_big_one_refused(world: World) -> None:
    world.publish(written(TASK))
    run = world.start({"text": "x" * 200_000}).run

    assert isinstance(run.payload, PayloadRef)
    assert run.payload.key.startswith(f"runs/{run.id}/trigger/")
    with pytest.raises(errors.StepInputError, match="more than"):
        world.start({"text": "x" * 6_300_000})


def test_a_run_knows_the_runs_that_led_to_it(world: World) -> None:
    workflow = world.publish(written(TASK))
    run = start_run(Start(workflow, {}, {}, causation=("run-0", "run-1")), world.services).run

    assert run.causation == ("run-0", "run-1", run.id)
