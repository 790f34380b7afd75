"""A run that is retried waits as any other does, and no limit is passed by retries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step, written
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.world import World
from tests.limited import end, fail, limited, statuses, stored
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.show_run import show_run
from ventuno.runtime.stop_run import stop_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from ventuno.runs.model import Run

WRONG: Any = {
    "stepFilters": [{"type": "BOOLEAN", "stepOutputKey": "{{a.id}}", "operand": "CONTAINS", "value": "x"}]
}


def test_a_run_that_is_retried_waits_for_a_place_and_gives_it_back(world: World) -> None:
    workflow = limited(world, at_once=1)
    first, second = (world.start({"name": "Acme"}).run for _ in range(2))
    fail(world, first)
    again = retry_run(first.id, world.services)

    assert (again.status, stored(world, second).status) == (RunStatus.NOT_STARTED, RunStatus.RUNNING)
    assert world.limits.places[workflow.id] == {second.id}
    end(world, second)
    assert stored(world, first).status is RunStatus.RUNNING
    third = world.start({"name": "Acme"}).run
    assert stored(world, third).status is RunStatus.NOT_STARTED
    end(world, first)
    end(world, third)
    assert statuses(world) == {"COMPLETED": 3}
    assert world.limits.places[workflow.id] == set()


def test_a_run_that_is_retried_takes_a_free_place_at_once(world: World) -> None:
    workflow = limited(world, at_once=1)
    run = world.start({"name": "Acme"}).run
    fail(world, run)

    assert retry_run(run.id, world.services).status is RunStatus.RUNNING
    assert world.limits.places[workflow.id] == {run.id}
    assert stored(world, world.start({"name": "Acme"}).run).status is RunStatus.NOT_STARTED


def test_a_run_that_waits_to_be_retried_shows_what_it_has_done_and_can_be_stopped(world: World) -> None:
    workflow = world.publish(written(create("a", "b"), step("b", "FILTER", "c", WRONG), create("c")))
    workflow = world.workflows.save(replace(workflow, limits=Limits(at_once=1)), [])
    run = world.start({"name": "Acme"}).run
    world.call(run, "a", ("b",))
    fail(world, run)
    world.start({"name": "Other"})
    retry_run(run.id, world.services)
    view: Any = show_run(run.id, world.services)
    infos = view["state"]["stepInfos"]

    assert view["status"] == "NOT_STARTED"
    assert [infos[step_id]["status"] for step_id in "abc"] == ["SUCCESS", "NOT_STARTED", "NOT_STARTED"]
    assert stop_run(run.id, world.services).status is RunStatus.STOPPED
    assert run.id not in world.limits.places[workflow.id]


def test_limits_that_were_set_or_taken_off_since_hold_for_a_retry(world: World) -> None:
    workflow = limited(world)
    run = world.start({"name": "Acme"}).run
    fail(world, run)
    workflow = world.workflows.save(replace(workflow, limits=Limits(at_once=1)), [])
    other = world.start({"name": "Acme"}).run
    assert retry_run(run.id, world.services).status is RunStatus.NOT_STARTED
    end(world, other)
    assert stored(world, run).status is RunStatus.RUNNING
    fail(world, run)
    world.workflows.save(replace(workflow, limits=Limits()), [])
    again = retry_run(run.id, world.services)

    assert (again.status, again.holds_place) == (RunStatus.RUNNING, False)


def test_of_many_retried_at_once_no_more_go_on_than_may(world: World) -> None:
    workflow = limited(world, at_once=3)
    runs = [world.start({"name": "Acme"}).run for _ in range(9)]
    while any(run.status is RunStatus.RUNNING for run in world.runs.by_workflow(workflow.id, 50, None).runs):
        for run in runs:
            if stored(world, run).status is RunStatus.RUNNING:
                fail(world, run)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda run: retry_run(run.id, world.services), runs))

    assert statuses(world) == {"RUNNING": 3, "NOT_STARTED": 6}
    assert len(world.limits.places[workflow.id]) == 3


def _one_to_retry(*, full: bool) -> tuple[World, Run, Run | None]:
    world = World()
    limited(world, at_once=1)
    run = world.start({"name": "Acme"}).run
    fail(world, run)
    return world, run, world.start({"name": "Other"}).run if full else None


def _retry_calls() -> list[tuple[bool, int, str]]:
    """Every call that a retry makes, with a free place and without, and before or after it."""
    found = []
    for full in (False, True):
        world, run, _ = _one_to_retry(full=full)
        fuse = Fuse()
        retry_run(run.id, fuse.protecting(world.services))
        found += [(full, index, when) for index in range(len(fuse.calls)) for when in (BEFORE, AFTER)]
    return found


@pytest.mark.parametrize(("full", "index", "when"), _retry_calls())
def test_a_retry_that_was_cut_off_is_finished_by_the_sweep_or_by_another_and_loses_no_place(
    *, full: bool, index: int, when: str
) -> None:
    world, run, other = _one_to_retry(full=full)
    with pytest.raises(Killed):
        retry_run(run.id, Fuse(index, when).protecting(world.services))
    if stored(world, run).status is RunStatus.FAILED:
        retry_run(run.id, world.services)
    if other is not None:
        assert stored(world, run).status is RunStatus.NOT_STARTED
        end(world, other)
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)

    assert stored(world, run).status is RunStatus.RUNNING
    assert stored(world, run).execution_name in {one.name for one in world.machines.started}
    third = world.start({"name": "Third"}).run
    assert stored(world, third).status is RunStatus.NOT_STARTED
    end(world, run)
    end(world, third)
    assert world.limits.places[world.workflow().id] == set()
