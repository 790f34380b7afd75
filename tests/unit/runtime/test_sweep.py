"""The sweep: runs that lost their execution, or the news of its end, are resumed or closed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import create, step, written
from tests.fakes.machines import FakeMachines
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.adapters.memory.workflows import MemoryWorkflowStore
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import Execution
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.sweep import GRACE_SECONDS, MAX_ATTEMPTS, MOST_DESCRIBED, Sweep, sweep

if TYPE_CHECKING:
    from ventuno.ports import Page
    from ventuno.runs.model import Run, VersionRef
    from ventuno.workflow.model import Version

RESTARTED = Execution("FAILED", "States.ServiceRestart", "the emulator was restarted")


@pytest.fixture
def run(world: World) -> Run:
    """A run that is old enough to be looked at."""
    begun = world.begin(create())
    world.clock.advance(GRACE_SECONDS)
    return begun


def stored(world: World, run: Run) -> Run:
    return world.runs.load(run.id, []).run


def test_a_young_run_is_left_alone(world: World) -> None:
    run = world.begin(create())
    world.machines.executions.clear()
    world.clock.advance(GRACE_SECONDS - 1)

    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=1)
    assert stored(world, run).status is RunStatus.RUNNING


def test_a_run_whose_execution_goes_on_is_left_alone(world: World, run: Run) -> None:
    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=1)
    assert stored(world, run) == run


def test_an_execution_that_ended_unseen_closes_its_run(world: World, run: Run) -> None:
    world.call(run)
    world.machines.end(world.machines.started[0], Execution("SUCCEEDED"))

    assert sweep(world.services) == Sweep(closed=1, resumed=0, left=0)
    assert stored(world, run).status is RunStatus.COMPLETED


@pytest.mark.parametrize(
    ("execution", "status"),
    [
        (Execution("FAILED", "StepFailedError"), RunStatus.FAILED),
        (Execution("TIMED_OUT"), RunStatus.FAILED),
        (Execution("ABORTED"), RunStatus.STOPPED),
    ],
)
def test_a_run_ends_as_its_execution_did(
    world: World, run: Run, execution: Execution, status: RunStatus
) -> None:
    world.machines.end(world.machines.started[0], execution)
    sweep(world.services)

    assert stored(world, run).status is status


def test_of_very_many_open_runs_each_has_its_turn(world: World, run: Run) -> None:
    many = MOST_DESCRIBED * 5 // 2
    for number in range(many):
        world.runs.create(replace(run, id=f"waits-{number}"))
        world.machines.executions[run.machine_arn, f"waits-{number}"] = Execution("RUNNING")
    world.call(run)
    world.machines.end(world.machines.started[0], Execution("SUCCEEDED"))
    swept = []
    for _ in range(3):
        swept.append(sweep(world.services))
        world.clock.advance(60)

    assert max(one.closed + one.left for one in swept) < MOST_DESCRIBED
    assert sum(one.closed + one.left for one in swept) == many + 1
    assert stored(world, run).status is RunStatus.COMPLETED


def test_a_run_without_an_execution_is_started(world: World, run: Run) -> None:
    world.machines.executions.clear()
    world.machines.started.clear()

    assert sweep(world.services) == Sweep(closed=0, resumed=1, left=0)
    assert [(item.name, json.loads(item.payload)["run"]) for item in world.machines.started] == [
        (run.id, run.id)
    ]


def test_an_interrupted_run_is_started_again_as_its_next_attempt(world: World, run: Run) -> None:
    world.machines.end(world.machines.started[0], RESTARTED)

    assert sweep(world.services) == Sweep(closed=0, resumed=1, left=0)
    assert stored(world, run).attempt == 1
    assert [item.name for item in world.machines.started] == [run.id, f"{run.id}-r1"]
    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=1)


def test_a_run_with_steps_left_though_its_execution_succeeded_is_started_again(
    world: World, run: Run
) -> None:
    world.machines.end(world.machines.started[0], Execution("SUCCEEDED"))
    sweep(world.services)

    assert [item.name for item in world.machines.started] == [run.id, f"{run.id}-r1"]


def test_a_crash_between_the_new_attempt_and_its_start_is_made_good_by_the_next_sweep(
    world: World, run: Run
) -> None:
    world.machines.end(world.machines.started[0], RESTARTED)
    world.runs.begin_attempt(run.id, 0)
    sweep(world.services)

    assert stored(world, run).attempt == 1
    assert [item.name for item in world.machines.started] == [run.id, f"{run.id}-r1"]


def test_a_run_that_is_cut_off_again_and_again_fails(world: World, run: Run) -> None:
    for _ in range(MAX_ATTEMPTS - 1):
        world.machines.end(world.machines.started[-1], RESTARTED)
        assert sweep(world.services).resumed == 1
    world.machines.end(world.machines.started[-1], RESTARTED)

    assert sweep(world.services) == Sweep(closed=1, resumed=0, left=0)
    assert stored(world, run).error == f"the run was interrupted {MAX_ATTEMPTS} times"
    assert len(world.machines.started) == MAX_ATTEMPTS


def test_a_run_whose_machine_is_gone_fails(world: World, run: Run) -> None:
    world.machines.executions.clear()
    world.machines.created.clear()

    assert sweep(world.services) == Sweep(closed=1, resumed=0, left=0)
    assert "does not exist" in str(stored(world, run).error)


def test_a_service_that_refuses_for_now_ends_the_sweep_and_harms_nothing(world: World, run: Run) -> None:
    world.machines.refusal = errors.StoreUnavailableError("throttled")
    with pytest.raises(errors.StoreUnavailableError):
        sweep(world.services)

    assert stored(world, run) == run


class Picky(FakeMachines):
    """Refuses one execution for good, as a wrong role would."""

    def __init__(self, refused: str) -> None:
        super().__init__()
        self._refused = refused

    def describe(self, machine_arn: str, name: str) -> Execution | None:
        if name == self._refused:
            raise errors.ConfigurationError("AccessDeniedException")
        return super().describe(machine_arn, name)


@pytest.mark.parametrize("place", [0, 1])
def test_a_run_that_a_wrong_setup_holds_back_does_not_hold_back_the_others(world: World, place: int) -> None:
    runs = [world.begin(create()), world.start({"name": "Acme"}).run]
    refused, other = runs[place], runs[1 - place]
    world.call(other)
    world.clock.advance(GRACE_SECONDS)
    machines = Picky(refused.id)
    for started in world.machines.started:
        machines.end(started, Execution("SUCCEEDED"))

    with pytest.raises(errors.ConfigurationError, match="AccessDenied"):
        sweep(replace(world.services, machines=machines))

    assert stored(world, refused).status is RunStatus.RUNNING
    assert stored(world, other).status is RunStatus.COMPLETED


def test_every_run_is_looked_at_however_many_there_are(world: World) -> None:
    world.begin(create())
    for _ in range(249):
        world.start()
    world.clock.advance(GRACE_SECONDS)

    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=250)


def test_ended_runs_are_not_looked_at(world: World, run: Run) -> None:
    world.runs.close(run.id, 0, RunStatus.STOPPED, None, "now")

    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=0)


class Twice(MemoryRunStore):
    """A run store whose list by status lags: another sweep resumes the run just after it was listed.

    Runs are listed twice, first to be counted.
    """

    counted = False

    def by_status(self, status: RunStatus, limit: int, cursor: str | None) -> Page:
        page = super().by_status(status, limit, cursor)
        for run in page.runs if self.counted else ():
            self.begin_attempt(run.id, run.attempt)
        self.counted = self.counted or bool(page.runs)
        return page


def test_of_two_sweeps_at_once_one_resumes_the_run() -> None:
    world = World(runs=Twice())
    world.begin(create())
    world.clock.advance(GRACE_SECONDS)
    world.machines.end(world.machines.started[0], RESTARTED)

    assert sweep(world.services) == Sweep(closed=0, resumed=0, left=1)
    assert len(world.machines.started) == 1


class Forgetful(MemoryWorkflowStore):
    """A workflow store that has lost the versions of one workflow."""

    lost: str | None = None

    def version(self, ref: VersionRef) -> Version | None:
        return None if ref.workflow_id == self.lost else super().version(ref)


def test_a_run_whose_version_is_gone_fails_and_holds_up_no_other() -> None:
    workflows = Forgetful()
    world = World(workflows=workflows)
    healthy = world.begin(create())
    world.call(healthy)
    world.publish(written(create()), "lost")
    broken = world.start(slug="lost").run
    workflows.lost = broken.version.workflow_id
    world.clock.advance(GRACE_SECONDS)
    for started in world.machines.started:
        world.machines.end(started, Execution("SUCCEEDED"))

    assert sweep(world.services) == Sweep(closed=2, resumed=0, left=0)
    assert stored(world, broken).status is RunStatus.FAILED
    assert stored(world, healthy).status is RunStatus.COMPLETED


FORM = step("ask", "FORM", "after", [{"name": "x", "label": "X", "type": "TEXT"}])


def test_an_answer_that_was_stored_and_never_sent_is_sent_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = world.begin(FORM, create("after"))
    event = StepEvent(run=run.id, version=str(run.version), step="ask", token="task-token")  # noqa: S106 - a fake
    run_step(event, world.services)

    def died(*_: str) -> bool:
        raise errors.StoreUnavailableError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr(world.machines, "answer", died)
        with pytest.raises(errors.StoreUnavailableError):
            answer_form(run.id, Place("ask"), {"x": "yes"}, world.services)
    assert sweep(world.services).resent == 0

    world.clock.advance(GRACE_SECONDS + 1)
    assert sweep(world.services).resent == 1
    assert json.loads(world.machines.answers["task-token"]) == {"answers": {"ask": True}}
    assert sweep(world.services).resent == 0


def test_an_answer_that_was_sent_is_not_looked_at_again(world: World) -> None:
    run = world.begin(FORM, create("after"))
    event = StepEvent(run=run.id, version=str(run.version), step="ask", token="task-token")  # noqa: S106 - a fake
    run_step(event, world.services)
    answer_form(run.id, Place("ask"), {"x": "yes"}, world.services)
    world.clock.advance(GRACE_SECONDS + 1)

    assert sweep(world.services).resent == 0
