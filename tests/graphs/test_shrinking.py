"""The shrinker and the comparison: a planted fault is found, and made small."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.graphs.cases import Case, random_case
from tests.graphs.comparing import differences, order_violations
from tests.graphs.shrinking import shrink, valid
from tests.graphs.simulating import loop, simulated
from ventuno.engine.frames import Execution
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus

if TYPE_CHECKING:
    from ventuno.engine.simulated import SimulatedRun


def has(kind: str) -> Any:  # noqa: ANN401 - a predicate of cases
    return lambda case: any(step["type"] == kind for step in case.definition["steps"])


def failing_in_a_loop(case: Case) -> bool:
    """Find a step of a loop that failed safely with an error."""
    told = case.interpreted().steps.values()
    return any(
        past["status"] == "FAILED_SAFELY" and "error" in past
        for one in told
        for past in one.get("history", ())
    )


@pytest.mark.parametrize(
    ("fails", "steps"), [(has("FILTER"), 1), (has("ITERATOR"), 2), (failing_in_a_loop, 2)]
)
def test_a_failing_case_shrinks_to_its_core(fails: Any, steps: int) -> None:  # noqa: ANN401 - a predicate
    seed = next(seed for seed in range(100) if fails(random_case(seed)))
    small = shrink(random_case(seed), fails)

    assert valid(small)
    assert fails(small)
    assert len(small.definition["steps"]) == steps


DEFINITION = defined(
    step("a", "CODE", ["b", "c"]), step("b", "CODE", "d"), step("c", "CODE", "d"), step("d", "CODE")
)
RUN = simulated(DEFINITION)
A, B, C, D = RUN.executions


def with_step(step_id: str, **told: Any) -> SimulatedRun:  # noqa: ANN401 - stepInfo
    return replace(RUN, steps={**RUN.steps, step_id: told})


def test_equal_runs_do_not_differ() -> None:
    assert differences(RUN, simulated(DEFINITION), DEFINITION) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(RUN, status=RunStatus.FAILED), "run: FAILED instead of COMPLETED"),
        (with_step("b", status="FAILED", result={}), "b.status: 'FAILED' instead of 'SUCCESS'"),
        (with_step("b", status="SUCCESS", result={"n": 1}), "b.result: {'n': 1} instead of {}"),
        (with_step("b", status="SUCCESS", result={}, error="no"), "b.error: 'no' instead of None"),
        (with_step("b", status="SUCCESS", result={}, history=[1]), "b.history: [1] instead of None"),
        (replace(RUN, executions=(A, B, C)), "d[]: not executed"),
        (replace(RUN, executions=(*RUN.executions, Execution("d", (0,), 0.0, 0.0))), "d[0]: executed"),
        (
            replace(RUN, executions=(A, B, C, D, D)),
            "a step was executed twice in one iteration",
        ),
        (
            replace(RUN, executions=(A, replace(B, ended_at=5.0), C, D)),
            "d[] started before b ended",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_told(changed: SimulatedRun, sentence: str) -> None:
    assert differences(RUN, changed, DEFINITION) == [sentence]


def test_with_fail_fast_a_step_may_be_cut_off_or_have_ended() -> None:
    hasty = DEFINITION.model_copy(update={"fail_fast": True})
    outcomes = {"b": {"error": "no"}}
    run, unhurried = simulated(hasty, outcomes), simulated(DEFINITION, outcomes)
    ended = replace(run, steps={**run.steps, "c": {"status": "SUCCESS", "result": {}}})
    cut = replace(run, steps={**run.steps, "c": {"status": "FAILED", "error": ENDED_BEFORE}})
    wrong = replace(run, steps={**run.steps, "c": {"status": "SKIPPED"}})

    assert differences(run, ended, hasty, unhurried) == differences(run, cut, hasty, unhurried) == []
    assert differences(run, wrong, hasty, unhurried) == [
        "c.status: 'SKIPPED' instead of one of ['SUCCESS'], with failFast"
    ]


def test_what_parallel_iterations_came_to_before_one_failed_is_not_compared() -> None:
    definition = defined(loop("loop", "a", [1, 2, 3], maxConcurrency=2), step("a", "CODE", "loop"))
    run = simulated(definition, {"a": [{"error": "no"}]})
    other = replace(
        run, steps={**run.steps, "a": {"status": "FAILED", "error": "no"}}, executions=run.executions[:2]
    )

    assert differences(run, other, definition) == []
    assert order_violations(other, definition) == []
