"""Rollouts: shares of runs by their ids, one version for each event, and a way back by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.fakes.world import World
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import Execution
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.judging import judge_rollout, take_back
from ventuno.runtime.lifecycle import archive
from ventuno.runtime.rollout import RolloutRules, finish_rollout, start_rollout
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from ventuno.runs.model import Run
    from ventuno.workflow.model import Workflow

ONE, TWO, THREE = (written(create(), name=name) for name in ("One", "Two", "Three"))


def applied(world: World, authored: Json) -> None:
    apply_definition("flow", definition_from(authored), world.services)


def rolling(world: World, percent: int = 50, most: int = 20, after: int = 5) -> Workflow:
    """Publish a version and roll out the next."""
    world.publish(ONE)
    applied(world, TWO)
    return start_rollout(world.workflow(), RolloutRules(percent, most, after), world.services)


def versions(world: World) -> list[str]:
    found = world.workflows.versions(world.workflow().id)
    return [f"v{version.number} {version.status.value}" for version in reversed(found)]


def keys(world: World, count: int, number: int) -> list[str]:
    """Find keys of events that go to a version."""
    found: list[str] = []
    for attempt in range(10_000):
        if len(found) == count:
            break
        started = world.start({"name": "Acme"}, key=f"k{attempt}").run
        if started.version.number == number:
            found.append(started.id)
    return found


def end(world: World, run_id: str, status: str = "SUCCEEDED") -> None:
    run = world.runs.load(run_id, []).run
    if status == "SUCCEEDED":
        world.call(run)
    event = {
        "executionArn": "arn",
        "stateMachineArn": run.machine_arn,
        "name": run.execution_name,
        "status": status,
        "input": f'{{"run": "{run.id}"}}',
    }
    close_run(ExecutionEnded.model_validate(event), world.services)


def test_a_candidate_runs_beside_the_active_version(world: World) -> None:
    workflow = rolling(world)

    assert versions(world) == ["v1 ACTIVE", "v2 CANDIDATE"]
    assert workflow.statuses == (VersionStatus.ACTIVE,)
    assert (workflow.draft_number, workflow.last_published_number) == (None, 1)
    assert [machine.name for machine in world.machines.created.values()] == ["test-flow-v1", "test-flow-v2"]


@pytest.mark.parametrize("percent", [1, 30, 99])
def test_runs_are_shared_out_by_percentage(world: World, percent: int) -> None:
    rolling(world, percent)
    runs = [world.start({"name": "Acme"}, key=f"k{number}").run for number in range(1000)]
    shares = Counter(run.version.number for run in runs)

    assert abs(shares[2] - percent * 10) < 50
    assert all(run.candidate == (run.version.number == 2) for run in runs)
    assert all(run.machine_arn.endswith(f"-v{run.version.number}") for run in runs)


def test_an_event_that_comes_again_finds_its_run_whatever_the_share_is_now(world: World) -> None:
    rolling(world, 50)
    first = [world.start({"name": "Acme"}, key=f"k{number}").run for number in range(50)]
    start_rollout(world.workflow(), RolloutRules(99), world.services)
    again = [world.start({"name": "Acme"}, key=f"k{number}") for number in range(50)]

    assert [one.run.version for one in again] == [run.version for run in first]
    assert not any(one.fresh for one in again)


def test_a_rollout_can_get_another_share_and_end_as_the_active_version(world: World) -> None:
    rolling(world, 10)
    changed = start_rollout(world.workflow(), RolloutRules(60, 30, 50), world.services)
    assert changed.rollout is not None
    assert (changed.rollout.percent, changed.rollout.most_failures_percent) == (60, 30)
    finished = finish_rollout(changed, world.services)

    assert versions(world) == ["v1 ARCHIVED", "v2 ACTIVE"]
    assert (finished.name, finished.last_published_number, finished.rollout) == ("Two", 2, None)
    assert {world.start({"name": "Acme"}).run.version.number for _ in range(20)} == {2}
    assert finish_rollout(finished, world.services) == finished


def test_a_rollout_can_be_taken_back_and_its_definition_applied_again(world: World) -> None:
    rolling(world, 99)
    back = take_back(world.workflow(), "it was slow", world.services)

    assert versions(world) == ["v1 ACTIVE", "v2 ARCHIVED"]
    assert (back.rollout, back.rollback) == (None, "it was slow")
    assert {world.start({"name": "Acme"}).run.version.number for _ in range(20)} == {1}
    assert take_back(back, "again", world.services) == back
    applied(world, TWO)
    assert versions(world)[2:] == ["v3 DRAFT"]


def test_the_schedules_stay_those_of_the_trigger_that_both_have(world: World) -> None:
    trigger = {"type": "CRON", "settings": {"type": "CUSTOM", "pattern": "0 9 * * *"}}
    world.publish(written(step("a"), trigger=trigger))
    applied(world, written(step("b"), trigger=trigger))
    before = dict(world.schedules.by_name)
    start_rollout(world.workflow(), RolloutRules(50), world.services)
    finished = finish_rollout(world.workflow(), world.services)

    assert world.schedules.by_name == before
    assert finished.active is not None
    assert finished.active.schedules == tuple(before)


def refusals() -> dict[str, tuple[type[Exception], str]]:
    return {
        "inactive": (errors.WorkflowStatusError, "activate"),
        "no draft": (errors.WorkflowVersionError, "no draft"),
        "another trigger": (errors.WorkflowTriggerError, "one trigger"),
        "two rollouts": (errors.WorkflowVersionError, "v2 is being rolled out"),
        "share": (errors.BadRequestError, "percent must be 1 to 99"),
        "failures": (errors.BadRequestError, "mostFailuresPercent must be 0 to 99"),
        "runs": (errors.BadRequestError, "afterRuns must be 1 to 200"),
        "archived": (errors.WorkflowStatusError, "restore"),
        "errors": (errors.DefinitionError, "DANGLING_REFERENCE"),
    }


@pytest.mark.parametrize("case", refusals())
def test_what_cannot_be_rolled_out_is_refused(world: World, case: str) -> None:
    rules = RolloutRules(50)
    if case == "inactive":
        applied(world, ONE)
    else:
        world.publish(ONE)
    if case == "another trigger":
        applied(world, written(create(), trigger={"type": "MANUAL"}))
    elif case == "errors":
        applied(world, written(create(then="nowhere")))
    elif case not in {"inactive", "no draft"}:
        applied(world, TWO)
    if case == "two rollouts":
        start_rollout(world.workflow(), rules, world.services)
        applied(world, THREE)
    if case == "archived":
        archive(world.workflow(), world.services)
    wrong = {"share": RolloutRules(100), "failures": RolloutRules(5, 100), "runs": RolloutRules(5, 5, 201)}
    before = world.workflow()
    kind, message = refusals()[case]

    with pytest.raises(kind, match=message):
        start_rollout(world.workflow(), wrong.get(case, rules), world.services)
    assert world.workflow() == before


@pytest.mark.parametrize("command", ["deactivate", "archive", "activate"])
def test_other_commands_end_a_rollout(world: World, command: str) -> None:
    rolling(world)
    applied(world, THREE)
    {"deactivate": deactivate, "archive": archive, "activate": activate}[command](
        world.workflow(), world.services
    )

    assert world.workflow().rollout is None
    assert versions(world)[1] == "v2 ARCHIVED"
    assert world.workflows.rolling_out() == []


def test_a_candidate_that_fails_too_often_is_taken_back_by_itself(world: World) -> None:
    rolling(world, 50, most=20, after=5)
    runs = keys(world, 8, 2)
    for run_id in runs[:6]:
        end(world, run_id)
    end(world, runs[6], "FAILED")
    assert world.workflow().rollout is not None  # 1 of 7 is not too many
    end(world, runs[7], "FAILED")

    workflow = world.workflow()
    assert workflow.rollout is None
    assert workflow.rollback == "v2 was taken back: 2 of its last 8 runs failed, more than the 20 % allowed"
    assert versions(world) == ["v1 ACTIVE", "v2 ARCHIVED"]


def test_few_runs_are_not_judged(world: World) -> None:
    rolling(world, 50, most=0, after=5)
    for run_id in keys(world, 4, 2):
        end(world, run_id, "FAILED")

    assert world.workflow().rollout is not None


def test_failures_of_the_active_version_and_stopped_runs_say_nothing(world: World) -> None:
    rolling(world, 50, most=0, after=2)
    for run_id in keys(world, 5, 1):
        end(world, run_id, "FAILED")
    for run_id in keys(world, 5, 2):
        end(world, run_id, "ABORTED")

    assert judge_rollout(world.workflow().id, world.services) is False
    assert world.workflow().rollout is not None


def test_the_sweep_judges_what_nobody_judged(world: World) -> None:
    rolling(world, 50, most=0, after=2)
    for run_id in keys(world, 3, 2):
        run = world.runs.load(run_id, []).run
        world.runs.close(run.id, run.attempt, RunStatus.FAILED, "no", "2026-03-01T12:00:00.000Z")
    assert world.workflow().rollout is not None

    assert sweep(world.services).returned == 1
    assert world.workflow().rollout is None
    assert sweep(world.services).returned == 0


def test_runs_that_the_sweep_finds_failed_count_too(world: World) -> None:
    rolling(world, 50, most=0, after=1)
    (run_id,) = keys(world, 1, 2)
    started = next(each for each in world.machines.started if each.name == run_id)
    world.machines.end(started, Execution("TIMED_OUT"))
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)

    assert world.workflow().rollout is None


def test_a_rollout_that_somebody_changes_meanwhile_is_judged_again() -> None:
    world = World()
    rolling(world, 50, most=0, after=1)
    for run_id in keys(world, 1, 2):
        run: Run = world.runs.load(run_id, []).run
        world.runs.close(run.id, run.attempt, RunStatus.FAILED, "no", "2026-03-01T12:00:00.000Z")
    hurried: Any = Hurried(world)
    services = replace(world.services, workflows=hurried)

    assert judge_rollout(world.workflow().id, services) is True
    assert world.workflow().rollout is None


class Hurried:
    """A store in which somebody else is faster once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._late = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.workflows, name)

    def save(self, workflow: Workflow, *given: Any) -> Workflow:  # noqa: ANN401 - what save takes
        if self._late:
            self._late = False
            self._world.workflows.save(self._world.workflow(), [])
        return self._world.workflows.save(workflow, *given)
