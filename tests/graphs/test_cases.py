"""The generator makes the shapes it promises, and the interpreter keeps its promises on all of them."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from tests.graphs.cases import MAX_STEPS, MIN_STEPS, Case, cases, random_case
from tests.graphs.comparing import differences
from tests.graphs.shrinking import valid
from tests.settling import settle
from ventuno.definition.graph import Graph
from ventuno.definition.model import TRIGGER
from ventuno.engine.outcomes import Outcomes
from ventuno.engine.reached import Reached
from ventuno.engine.scopes import loop_settings, scopes_of
from ventuno.engine.statuses import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.engine.simulated import SimulatedRun

SEEDS = range(300)
FINAL = {"SUCCESS", "STOPPED", "SKIPPED", "FAILED", "FAILED_SAFELY"}


def test_a_seed_always_makes_the_same_case() -> None:
    assert random_case(7) == random_case(7) != random_case(8)


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_seeded_cases_are_valid_and_have_the_promised_size(start: int) -> None:
    for seed in range(start, start + 50):
        case = random_case(seed)

        assert valid(case), seed
        assert MIN_STEPS <= len(case.definition["steps"]) <= MAX_STEPS
        assert json.loads(json.dumps(case.to_json())) == case.to_json()


def test_all_promised_shapes_occur() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        model = random_case(seed).model()
        for scope in scopes_of(model).walk():
            seen[f"depth {scope.depth}"] += 1
            seen["branch straight back"] += any(edge.branch is not None for edge in scope.returns)
            for member in scope.members:
                parents = {edge.source for edge in scope.parents[member]}
                seen[model.step(member).type] += 1
                seen["join"] += len(parents) > 1
                seen["fan-out"] += len({e.target for e in scope.children[member] if e.branch is None}) > 1
                above = {edge.source for parent in parents for edge in scope.parents[parent]}
                seen["direct link"] += bool(above & parents)
                shared = [scope.children[parent] for parent in parents if len(parents) > 1]
                seen["N shape"] += any(edge.target != member for edges in shared for edge in edges)
        for step in model.steps:
            seen["parallel loop"] += loop_settings(step).max_concurrency > 1
        seen["fail fast"] += model.fail_fast

    wanted = {"depth 1", "depth 2", "branch straight back", "join", "fan-out", "direct link", "N shape"}
    wanted |= {"parallel loop", "fail fast", "IF_ELSE", "FILTER", "EMPTY", "DELAY", "FORM", "ITERATOR"}
    assert all(seen[shape] >= 15 for shape in wanted), seen


def varied(seed: int) -> Callable[[str, tuple[int, ...]], float]:
    """Let each execution take no time, some time, or long."""
    chance = random.Random(seed)  # noqa: S311 - durations are no secret
    return lambda *_: chance.choice((0.0, 1.0, 7.5))


def timing_free(case: Case) -> bool:
    """Whether what the case comes to cannot depend on how long steps take."""
    model = case.model()
    parallel = any(loop_settings(step).max_concurrency > 1 for step in model.steps)
    return not model.fail_fast and not parallel


def timeless(run: SimulatedRun) -> dict[str, dict[str, Any]]:
    """Leave out since when a step waits."""
    return {
        step_id: {key: value for key, value in told.items() if key != "waitingFor"}
        for step_id, told in run.steps.items()
    }


def check(case: Case, run: SimulatedRun) -> None:
    """Check what holds for every run."""
    histories = [entry for told in run.steps.values() for entry in told.get("history", ())]
    # of parallel iterations the one that failed is shown, so that one that waits may stand in the history
    statuses = {told["status"] for told in [*run.steps.values(), *histories]}
    model = case.model()

    assert differences(run, run, model) == []
    assert run.status in (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.RUNNING)
    assert (run.status is RunStatus.RUNNING) == ("PENDING" in statuses)
    if run.status is RunStatus.FAILED:
        assert "FAILED" in {told["status"] for told in run.steps.values()}
    if run.status is RunStatus.COMPLETED:
        assert "FAILED" not in {told["status"] for told in run.steps.values()}
        outside_loops = scopes_of(model).members
        assert {run.steps[member]["status"] for member in outside_loops} <= FINAL


def agrees_with_settle(case: Case, run: SimulatedRun) -> None:
    """Without loops, the statuses nobody stored follow from the ones that were, by another path."""
    model = case.model()
    reached = {}
    for step_id in run.order:
        told = run.steps[step_id]
        result = told.get("result") or {}
        branch = int(result["matchingBranchId"][1:]) if "matchingBranchId" in result else None
        rescued = told["status"] == "FAILED_SAFELY"
        reached[step_id] = Reached(StepStatus(told["status"]), branch, rescued)
    settled = settle(Graph(model), reached)

    assert {step: status.value for step, status in settled.statuses.items()} == {
        step: told["status"] for step, told in run.steps.items()
    }
    assert not settled.ready or model.fail_fast


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_seeded_runs_keep_the_rules_and_do_not_depend_on_durations(start: int) -> None:
    for seed in range(start, start + 50):
        case = random_case(seed)
        run = case.interpreted()
        check(case, run)
        slow = case.interpreted(varied(seed))

        if timing_free(case):
            assert timeless(slow) == timeless(run), seed
            assert sorted(slow.order) == sorted(run.order), seed
        check(case, slow)
        if not any(step.type == "ITERATOR" for step in case.model().steps):
            agrees_with_settle(case, run)


@settings(max_examples=150)
@given(case=cases())
def test_drawn_runs_keep_the_rules(case: Case) -> None:
    assert valid(case)
    check(case, case.interpreted())


@settings(max_examples=100)
@given(case=cases(most=12))
def test_a_stopped_run_always_ends_stopped(case: Case) -> None:
    interpreter = case.interpreter(lambda *_: 3.0)
    interpreter.run(until=7.0)
    ended_before = interpreter.status
    interpreter.stop()
    interpreter.run()

    assert interpreter.status is (ended_before if ended_before.ended else RunStatus.STOPPED)
    assert not {"RUNNING", "PENDING"} & {told["status"] for told in interpreter.simulated().steps.values()}


@settings(max_examples=100)
@given(case=cases(most=12))
def test_a_retry_in_which_nothing_fails_completes_or_waits_for_a_form(case: Case) -> None:
    interpreter = case.interpreter()
    interpreter.run()
    failed = interpreter.status is RunStatus.FAILED
    past_dates = "2025-12-31" in json.dumps(case.definition)
    interpreter.retry(Outcomes())
    interpreter.run()

    assert not failed or past_dates or interpreter.status in (RunStatus.COMPLETED, RunStatus.RUNNING)


def test_the_trigger_stands_in_no_result() -> None:
    assert all(TRIGGER not in random_case(seed).interpreted().steps for seed in range(20))
