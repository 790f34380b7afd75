"""Limits: what is too much waits or is refused, nothing is lost, and no limit is passed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, step, written
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.ids import FakeIds
from tests.fakes.machines import FakeMachines
from tests.fakes.world import ACTOR, World
from tests.limited import end, limited, statuses, stored, tell_end
from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import Execution
from ventuno.runtime.admission import admit
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.run_manually import run_manually
from ventuno.runtime.show_run import show_run
from ventuno.runtime.start_run import Start, start_run
from ventuno.runtime.stop_run import stop_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.runtime.waiting_runs import WaitingRuns
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from tests.fakes.clock import FakeClock
    from ventuno.runs.model import Run

MINUTE, HOUR = 61, 3660
"""Seconds until what was counted counts no more."""


def test_without_limits_nothing_is_counted(world: World) -> None:
    world.publish(written(create()))
    fuse = Fuse()
    start_run(Start(world.workflow(), {}, ACTOR), fuse.protecting(world.services))

    assert fuse.calls == ["workflows.next_run_number", "runs.create", "machines.start"]


def test_what_is_too_much_for_a_minute_waits_and_starts_in_its_order_in_the_next(world: World) -> None:
    limited(world, per_minute=2)
    runs = []
    for _ in range(5):
        runs.append(world.start({"name": "Acme"}).run)
        world.clock.advance(1)

    assert statuses(world) == {"RUNNING": 2, "NOT_STARTED": 3}
    world.clock.advance(MINUTE)
    assert sweep(world.services).begun == 2
    assert [stored(world, run).status for run in runs[:4]] == [RunStatus.RUNNING] * 4
    assert stored(world, runs[4]).status is RunStatus.NOT_STARTED
    assert sweep(world.services).begun == 0
    world.clock.advance(MINUTE)
    assert sweep(world.services).begun == 1
    assert len(world.machines.started) == 5


def test_a_new_run_does_not_overtake_those_that_wait(world: World) -> None:
    limited(world, per_minute=2)
    waited = [world.start({"name": "Acme"}).run for _ in range(6)][2:]
    world.clock.advance(MINUTE)
    late = world.start({"name": "Late"}).run

    assert [stored(world, run).status.value for run in waited] == ["RUNNING", "RUNNING", *["NOT_STARTED"] * 2]
    assert stored(world, late).status is RunStatus.NOT_STARTED
    world.clock.advance(MINUTE)
    later = world.start({"name": "Later"}).run
    assert [stored(world, run).status.value for run in (*waited[2:], late, later)] == [
        *["RUNNING"] * 2,
        *["NOT_STARTED"] * 2,
    ]


def test_a_sweep_ends_in_time_and_the_next_goes_on() -> None:
    world = World(machines=Slow())
    assert isinstance(world.machines, Slow)
    limited(world, per_minute=1)
    for _ in range(9):
        world.start()
        world.clock.advance(1)
    world.workflows.save(replace(world.workflow(), limits=Limits()), [])
    world.machines.clock = world.clock
    first, second = sweep(world.services).begun, sweep(world.services).begun

    assert (first, second) == (4, 4)


@pytest.mark.parametrize(("begins_at", "expected"), [("a", {"a": 2, "b": 0}), ("b", {"a": 1, "b": 1})])
def test_a_sweep_begins_at_any_workflow_so_none_starves_behind_a_queue_that_is_never_empty(
    world: World, begins_at: str, expected: dict[str, int]
) -> None:
    for slug, behind in (("a", 5), ("b", 1)):
        limited(world, slug, per_minute=1)
        for _ in range(1 + behind):
            world.start(slug=slug)
        world.workflows.save(replace(world.workflow(slug), limits=Limits()), [])
    before = {slug: statuses(world, slug)["RUNNING"] for slug in expected}

    services = replace(world.services, ids=Chosen(world.workflow(begins_at).id))
    waiting = WaitingRuns(services, most=2)
    waiting.start_all()
    assert waiting.started == 2
    assert {slug: statuses(world, slug)["RUNNING"] - before[slug] for slug in expected} == expected


class Chosen(FakeIds):
    """The id that chance has chosen."""

    def __init__(self, chosen: str) -> None:
        self._chosen = chosen

    def new_id(self) -> str:
        return self._chosen


class Slow(FakeMachines):
    """Machines whose executions take ten seconds to start."""

    clock: FakeClock | None = None

    def start(self, machine_arn: str, name: str, payload: str) -> None:
        super().start(machine_arn, name, payload)
        if self.clock is not None:
            self.clock.advance(10)


def test_sweeps_a_minute_apart_start_as_many_as_the_limit_each(world: World) -> None:
    limited(world, per_minute=3)
    for _ in range(24):
        world.start()
    begun, began_at = [], world.clock.now()
    for minute in range(1, 7):
        world.clock.set(began_at + timedelta(seconds=60 * minute))
        begun.append(sweep(world.services).begun)

    assert begun == [3] * 6
    assert world.clock.now() - began_at < timedelta(minutes=7)


def test_a_sweep_waits_for_room_at_most_half_a_minute_and_never_for_a_place(world: World) -> None:
    limited(world, per_minute=1, at_once=1)
    for _ in range(3):
        world.start()
        world.clock.advance(25)
    before = world.clock.now()
    sweep(world.services)
    world.clock.advance(60)
    waited = world.clock.now()
    sweep(world.services)

    assert (before, world.clock.now()) == (waited - timedelta(seconds=60), waited)
    assert statuses(world) == {"RUNNING": 1, "NOT_STARTED": 2}


def test_a_run_that_waited_is_run_like_any_other(world: World) -> None:
    limited(world, per_minute=1)
    world.start({"name": "First"})
    run = world.start({"name": "Second"}).run
    with pytest.raises(errors.RunNotRunningError):
        world.call(run)
    world.clock.advance(MINUTE)
    sweep(world.services)
    end(world, run)

    assert stored(world, run).status is RunStatus.COMPLETED
    assert [record["name"] for record in world.companies()] == ["Second"]


def test_no_step_of_a_run_that_waits_or_was_refused_is_under_way(world: World) -> None:
    limited(world, at_once=1, per_hour=2)
    runs = [world.start({"name": "Acme"}).run for _ in range(3)]
    views: list[Any] = [show_run(run.id, world.services) for run in runs]

    assert [view["status"] for view in views] == ["RUNNING", "NOT_STARTED", "FAILED"]
    assert [view["state"]["stepInfos"]["a"]["status"] for view in views] == [
        "RUNNING",
        "NOT_STARTED",
        "NOT_STARTED",
    ]


def test_runs_started_by_hand_do_not_wait_for_the_minute(world: World) -> None:
    workflow = limited(world, per_minute=1)
    for _ in range(3):
        run_manually(workflow, {}, "Ann", world.services)

    assert statuses(world) == {"RUNNING": 3}


def test_too_many_an_hour_are_refused_and_there_to_be_seen(world: World) -> None:
    limited(world, per_hour=2)
    started = [world.start({"name": "Acme"}) for _ in range(4)]

    assert [one.run.refused for one in started] == [False, False, True, True]
    assert statuses(world) == {"RUNNING": 2, "FAILED": 2}
    assert "2 runs an hour" in str(stored(world, started[3].run).error)
    assert len(world.machines.started) == 2
    world.clock.advance(HOUR)
    assert not world.start({"name": "Acme"}).run.refused


def test_a_refused_run_can_be_retried_by_hand(world: World) -> None:
    limited(world, per_hour=1)
    world.start({"name": "Acme"})
    refused = world.start({"name": "Acme"}).run
    run = retry_run(refused.id, world.services)
    end(world, run)

    assert stored(world, run).status is RunStatus.COMPLETED


def test_an_event_that_was_refused_starts_its_run_when_it_comes_again_in_time(world: World) -> None:
    limited(world, per_hour=1)
    world.start({"name": "Acme"})
    refused = world.start({"name": "Acme"}, key="e").run
    again = world.start({"name": "Acme"}, key="e").run
    world.clock.advance(HOUR)
    later = world.start({"name": "Acme"}, key="e").run

    assert (again.refused, again.id, later.id) == (True, refused.id, refused.id)
    assert (later.status, later.refused, later.error) == (RunStatus.RUNNING, False, None)
    assert world.start({"name": "Acme"}, key="e").run.id == refused.id
    assert len(world.machines.started) == 2


def test_an_event_that_is_refused_again_is_told_when_there_may_be_room_then(world: World) -> None:
    limited(world, per_hour=1)
    world.start({"name": "Acme"})
    first = world.start({"name": "Acme"}, key="e").run
    world.clock.advance(HOUR)
    world.start({"name": "Acme"})
    again = world.start({"name": "Acme"}, key="e").run

    assert (again.id, again.refused) == (first.id, True)
    assert str(first.error).endswith("there may be room from 2026-03-01T13:01:00.001Z")
    assert str(again.error).endswith("there may be room from 2026-03-01T14:02:00.001Z")


def test_an_event_that_comes_again_is_counted_once(world: World) -> None:
    limited(world, per_hour=2, per_minute=2)
    for _ in range(5):
        world.start({"name": "Acme"}, key="same")
    second, third = (world.start({"name": "Acme"}, key=key).run for key in ("b", "c"))

    assert (second.status, second.refused, third.refused) == (RunStatus.NOT_STARTED, False, True)
    assert stored(world, second).status is RunStatus.RUNNING


def test_only_so_many_go_on_at_once_and_the_next_starts_when_one_ends(world: World) -> None:
    limited(world, at_once=2)
    runs = [world.start({"name": "Acme"}).run for _ in range(4)]

    assert statuses(world) == {"RUNNING": 2, "NOT_STARTED": 2}
    end(world, runs[0])
    assert [stored(world, run).status.value for run in runs] == [
        "COMPLETED",
        "RUNNING",
        "RUNNING",
        "NOT_STARTED",
    ]
    end(world, runs[1])
    end(world, runs[2])
    end(world, runs[3])
    assert statuses(world) == {"COMPLETED": 4}
    assert world.limits.places[world.workflow().id] == set()


@pytest.mark.parametrize("ending", ["failed", "stopped", "machine gone", "swept"])
def test_every_way_to_end_frees_the_place(world: World, ending: str) -> None:
    limited(world, at_once=1)
    first, second = (world.start({"name": "Acme"}).run for _ in range(2))
    if ending == "stopped":
        stop_run(first.id, world.services)
    elif ending == "machine gone":
        world.machines.executions.clear()
        machines = dict(world.machines.created)
        world.machines.created.clear()
        world.clock.advance(GRACE_SECONDS)
        sweep(world.services)
        world.machines.created.update(machines)
    else:
        world.machines.end(world.machines.started[0], Execution("FAILED", "States.Runtime", "no"))
        world.clock.advance(GRACE_SECONDS)
        sweep(world.services)

    assert stored(world, first).status.ended
    assert world.limits.places[world.workflow().id] <= {second.id}
    world.clock.advance(MINUTE)
    sweep(world.services)
    assert stored(world, second).status in {RunStatus.RUNNING, RunStatus.FAILED}


def test_a_run_that_waits_can_be_stopped_and_never_starts(world: World) -> None:
    limited(world, at_once=1)
    first, second = (world.start({"name": "Acme"}).run for _ in range(2))

    assert stop_run(second.id, world.services).status is RunStatus.STOPPED
    end(world, first)
    assert len(world.machines.started) == 1


def test_a_run_that_is_stopped_after_a_crash_left_it_a_place_gives_it_back(world: World) -> None:
    workflow = limited(world, at_once=1)
    fuse = Fuse(3, AFTER)
    with pytest.raises(Killed, match=r"after limits\.hold"):
        start_run(Start(workflow, {"name": "Acme"}, ACTOR, "e"), fuse.protecting(world.services))
    run = world.start({"name": "Acme"}, key="e").run
    stop_run(run.id, world.services)

    assert stored(world, run).status is RunStatus.STOPPED
    assert world.limits.places[workflow.id] == set()


def test_who_comes_too_late_for_the_minute_leaves_the_place_to_who_started_the_run(world: World) -> None:
    workflow = limited(world, at_once=1, per_minute=1)
    run = world.start({"name": "Acme"}).run
    slow = replace(run, status=RunStatus.NOT_STARTED)  # as another process has read it a moment before

    assert admit(slow, workflow.limits, world.services).waits
    assert world.limits.places[workflow.id] == {run.id}


def test_a_workflow_that_waits_does_not_hold_up_another(world: World) -> None:
    for slug in ("a", "b"):
        limited(world, slug, per_minute=1)
        world.start(slug=slug)
        world.start(slug=slug)
    blocked = world.workflow("a")
    world.workflows.save(replace(blocked, limits=Limits(at_once=1, per_minute=1)), [])
    world.clock.advance(MINUTE)
    world.start(slug="a")  # takes this minute of a

    assert sweep(world.services).begun == 1
    assert statuses(world, "b") == {"RUNNING": 2}


def test_what_waits_starts_although_the_workflow_was_deactivated_or_its_limit_is_gone(world: World) -> None:
    limited(world, per_minute=1)
    for _ in range(3):
        world.start()
    world.workflows.save(replace(world.workflow(), limits=Limits(), active=None), [])

    assert sweep(world.services).begun == 2


def test_the_stage_has_limits_of_its_own_for_all_workflows_together() -> None:
    world = World(stage_limits=Limits(per_minute=2, per_hour=3))
    for slug in ("a", "b"):
        world.publish(written(create()), slug)
    runs = [world.start(slug=slug).run for slug in ("a", "b", "a", "b")]

    assert [stored(world, run).status.value for run in runs] == [
        "RUNNING",
        "RUNNING",
        "NOT_STARTED",
        "FAILED",
    ]
    assert "all workflows together" in str(runs[3].error)


def test_a_run_that_fails_as_it_starts_takes_no_place(world: World) -> None:
    broken = {**passes("{{trigger.x}}", "y")}
    broken["stepFilters"][0] |= {"operand": "GREATER_THAN_OR_EQUAL", "type": "NUMBER"}
    workflow = world.publish(written(step("f", "FILTER", "a", broken), create()))
    world.workflows.save(replace(workflow, limits=Limits(at_once=1)), [])
    world.start({"x": "no number"})

    assert world.start({"x": 1}).run.status is not None
    assert len(world.limits.places[workflow.id]) <= 1


def test_starts_at_once_never_pass_a_limit_and_none_is_lost(world: World) -> None:
    limited(world, per_minute=5, per_hour=12, at_once=3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: world.start({"name": "Acme"}, key=f"e{number % 20}"), range(60)))

    assert statuses(world) == {"RUNNING": 3, "NOT_STARTED": 9, "FAILED": 8}
    assert len(world.machines.started) == 3


def test_runs_that_end_at_once_start_exactly_as_many_others(world: World) -> None:
    limited(world, at_once=4)
    runs = [world.start({"name": "Acme"}).run for _ in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda run: end(world, run), runs[:4]))

    assert statuses(world) == {"COMPLETED": 4, "RUNNING": 4, "NOT_STARTED": 4}


def _one_runs_one_waits() -> tuple[World, Run, Run]:
    world = World()
    limited(world, at_once=1)
    first, second = (world.start({"name": "Acme"}).run for _ in range(2))
    world.call(first)
    return world, first, second


def _ending_calls() -> list[tuple[int, str]]:
    world, first, _ = _one_runs_one_waits()
    fuse = Fuse()
    tell_end(world, first, fuse.protecting(world.services))
    return [(index, when) for index in range(len(fuse.calls)) for when in (BEFORE, AFTER)]


@pytest.mark.parametrize("by", ["event", "sweep"])
@pytest.mark.parametrize(("index", "when"), _ending_calls())
def test_an_end_that_was_cut_off_is_finished_by_the_event_or_by_the_sweep(
    index: int, when: str, by: str
) -> None:
    world, first, second = _one_runs_one_waits()
    with pytest.raises(Killed):
        tell_end(world, first, Fuse(index, when).protecting(world.services))
    if by == "event":
        tell_end(world, first, world.services)
    world.machines.end(world.machines.started[0], Execution("SUCCEEDED"))
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)

    assert [stored(world, run).status.value for run in (first, second)] == ["COMPLETED", "RUNNING"]
    assert world.limits.places[world.workflow().id] == {second.id}
    assert len(world.machines.started) == 2


def _calls() -> list[tuple[int, str]]:
    """Every call that starting a run of a workflow with all limits makes, and before or after it."""
    world = World()
    limited(world, per_minute=9, per_hour=9, at_once=1)
    fuse = Fuse()
    start_run(Start(world.workflow(), {"name": "Acme"}, ACTOR, "e"), fuse.protecting(world.services))
    return [(index, when) for index in range(len(fuse.calls)) for when in (BEFORE, AFTER)]


@pytest.mark.parametrize(("index", "when"), _calls())
def test_a_start_that_was_cut_off_is_finished_by_the_event_or_by_the_sweep(index: int, when: str) -> None:
    world = World()
    workflow = limited(world, per_minute=9, per_hour=9, at_once=1)
    start = Start(workflow, {"name": "Acme"}, ACTOR, "e")
    with pytest.raises(Killed):
        start_run(start, Fuse(index, when).protecting(world.services))
    run = start_run(start, world.services).run
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)

    assert stored(world, run).status is RunStatus.RUNNING
    assert len(world.machines.started) == 1
    other = world.start({"name": "Other"}).run
    end(world, run)
    assert stored(world, other).status is RunStatus.RUNNING
    end(world, other)
    assert world.limits.places[workflow.id] == set()
