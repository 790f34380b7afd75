"""A function that dies in a call: the run says which step was being executed, wherever that step stands."""

from __future__ import annotations

import pytest

from tests.builders import Json, create, passes, step, written
from tests.graphs.cases import Case
from tests.graphs.running import running
from tests.graphs.simulating import loop, statuses
from tests.graphs.watching import died
from ventuno.runtime.start_run import RUN_FAILED

TRUE = passes("x", "x")
BODY = [create("a", "f"), step("f", "FILTER", "b", TRUE), create("b", "each"), create("end")]
CASES: dict[str, tuple[list[Json], dict[str, str], str]] = {
    "in a row": (
        [create("a", "b"), create("b", "end"), create("end")],
        {"a": "SUCCESS", "b": "FAILED", "end": "NOT_STARTED"},
        "FAILED",
    ),
    "in a branch that is not the first": (
        [create("r", ["a", "b", "c"]), create("a"), create("b", "end"), create("c"), create("end")],
        {"r": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "c": "SUCCESS", "end": "NOT_STARTED"},
        "FAILED",
    ),
    "in a branch, riding with a filter": (
        [
            create("r", ["a", "c"]), create("a", "j"), create("c", "j"), create("j", ["f", "d"]),
            step("f", "FILTER", "b", TRUE), create("b", "end"), create("d"), create("end"),
        ],
        {"r": "SUCCESS", "a": "SUCCESS", "c": "SUCCESS", "j": "SUCCESS", "f": "SUCCESS", "b": "FAILED",
         "d": "SUCCESS", "end": "NOT_STARTED"},
        "FAILED",
    ),
    "riding with a filter in a loop": (
        [loop("each", ["f", "a"], [1], "end"), step("f", "FILTER", "b", TRUE), create("a", "each"),
         create("b", "each"), create("end")],
        {"each": "FAILED", "f": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "end": "NOT_STARTED"},
        "FAILED",
    ),
    "in a loop": (
        [loop("each", "a", [1], "end"), *BODY],
        {"each": "FAILED", "a": "SUCCESS", "f": "SUCCESS", "b": "FAILED", "end": "NOT_STARTED"},
        "FAILED",
    ),
    "in a loop that goes on": (
        [loop("each", "a", [1], "end", shouldContinueOnIterationFailure=True), *BODY],
        {"each": "SUCCESS", "a": "SUCCESS", "f": "SUCCESS", "b": "FAILED_SAFELY", "end": "SUCCESS"},
        "COMPLETED",
    ),
    "where branches cannot be nested": (
        [create("r", ["a", "b"]), create("a", "end"), create("b", ["end", "c"]), create("c"), create("end")],
        {"r": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "c": "NOT_STARTED", "end": "NOT_STARTED"},
        "FAILED",
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", CASES)
def test_a_call_that_dies_is_told_as_the_failure_of_the_step_it_was_at(where: str) -> None:
    steps, expected, status = CASES[where]
    machine = running(Case(written(*steps), {}, {}))
    died(machine, "b")
    machine.simulate()

    run = machine.result().run
    assert run.status == status
    assert statuses(run) == expected
    assert run.steps["b"]["error"] == (
        "the function that ran this step gave no answer (Lambda.Unknown: the function was killed); "
        "how far it got is not known, and a retry of the run runs the step again"
    )
    error = machine.services.runs.load(machine.run.id, []).run.error
    assert error == (RUN_FAILED if status == "FAILED" else None)


def test_a_step_whose_call_died_is_neither_tried_again_nor_passed_over_by_itself() -> None:
    steps = [create("r", ["a", "b"]), create("a"), create("b", "c", retryOnFailure=2, continueOnFailure=True)]
    machine = running(Case(written(*steps, create("c")), {}, {}))
    watched = died(machine, "b")
    machine.simulate()

    assert statuses(machine.result().run) == {
        "r": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "c": "NOT_STARTED",
    }  # fmt: skip
    assert watched.ran["b"] == 1
