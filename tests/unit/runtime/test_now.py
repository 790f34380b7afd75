"""The root `now`: the injected clock's instant, in tasks, in filters, and in filters before any task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import passes, step
from ventuno.engine.statuses import StepStatus
from ventuno.runs.claim_check import check_out

if TYPE_CHECKING:
    from tests.fakes.world import World

TITLE = '{{now | date("%Y-%m-%d %H:%M", "Europe/Rome")}} {{trigger.name | upper}}'


def test_a_step_writes_the_instant_of_the_clock(world: World) -> None:
    given = {"objectName": "task", "objectRecord": {"title": TITLE, "dueAt": "{{now | add(days=3)}}"}}
    run = world.begin(step("a", "CREATE_RECORD", given=given))

    world.call(run)

    (task,) = world.services.records.find("task").records
    assert task["title"] == "2026-03-01 13:00 ACME"
    assert task["dueAt"] == "2026-03-04T12:00:00.000Z"


def test_a_filter_reads_the_instant_after_a_task_and_before_any(world: World) -> None:
    today = passes("{{now | date}}", "2026-03-01")
    given = {"objectName": "task", "objectRecord": {"title": "x"}}
    run = world.begin(
        step("before", "FILTER", "a", today),
        step("a", "CREATE_RECORD", "after", given),
        step("after", "FILTER", given=today),
    )

    world.call(run, rides=("after",))

    assert [state.status for state in run.start_riders] == [StepStatus.SUCCESS]
    assert world.states(run.id)["after"].status is StepStatus.SUCCESS


def test_a_pipe_that_cannot_take_its_value_fails_the_step_with_a_sentence(world: World) -> None:
    given = {"objectName": "task", "objectRecord": {"title": "{{trigger.tags | upper}}"}}
    run = world.begin(
        step("a", "CREATE_RECORD", given=given, continueOnFailure=True), payload={"tags": ["x"]}
    )

    world.call(run)

    state = world.states(run.id)["a"]
    assert state.status is StepStatus.FAILED_SAFELY
    assert state.error == (
        "{{trigger.tags | upper}} cannot be resolved: upper takes text, a number, true or false, not a list"
    )


def test_the_result_of_a_step_is_not_scanned_for_pipes(world: World) -> None:
    hostile = "{{now | date}} {{trigger.secret | upper}}"
    given = {"objectName": "task", "objectRecord": {"title": "{{trigger.text | trim}}"}}
    run = world.begin(step("a", "CREATE_RECORD", given=given), payload={"text": hostile, "secret": "x"})

    world.call(run)

    result = world.states(run.id)["a"].result
    assert result is not None
    stored = check_out(result, world.payloads)
    assert isinstance(stored, dict)
    assert stored["title"] == hostile
