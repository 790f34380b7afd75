"""A function that dies in a call: the run says which step was being executed, wherever that step stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import Json, create, passes, step, written
from tests.graphs.cases import Case
from tests.graphs.running import running
from tests.graphs.simulating import loop, statuses
from tests.graphs.watching import died
from ventuno.runs.places import Place
from ventuno.runtime.start_run import RUN_FAILED
from ventuno_dev.asl.errors import StateError

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


SURVIVING: dict[str, list[Json]] = {
    "in a row": [create("b", "end"), create("end")],
    "in a branch": [create("r", ["b", "c"]), create("b", "end"), create("c"), create("end")],
    "in a loop": [loop("each", "b", [1], "end"), create("b", "each"), create("end")],
    "where branches cannot be nested": [
        create("r", ["a", "b"]), create("a", "end"), create("b", ["end", "c"]), create("c"), create("end"),
    ],
}  # fmt: skip


def surviving(where: str, *, hasty: bool, **options: Any) -> Case:  # noqa: ANN401 - error handling
    """Write a shape in which the step b has such options."""
    authored = written(*SURVIVING[where]) | ({"failFast": True} if hasty else {})
    chosen = {name: {"value": value} for name, value in options.items()}
    settings = {one["id"]: one["settings"] for one in authored["steps"]}
    settings["b"] = settings["b"] | {"errorHandlingOptions": chosen}
    steps = [one | {"settings": settings[one["id"]]} for one in authored["steps"]]
    return Case(authored | {"steps": steps}, {}, {})


@pytest.mark.parametrize("hasty", [False, True])
@pytest.mark.parametrize("where", SURVIVING)
def test_a_step_whose_call_dies_is_tried_again_as_often_as_its_author_wants(
    where: str, *, hasty: bool
) -> None:
    machine = running(surviving(where, hasty=hasty, retryOnFailure=3))
    watched = died(machine, "b", "b", "b")
    machine.simulate()

    run = machine.result().run
    assert (machine.result().faults, run.status) == ((), "COMPLETED")
    assert set(statuses(run).values()) == {"SUCCESS"}
    assert [entry["retryAttempt"] for entry in run.steps["b"]["history"]] == [1, 2, 3]
    assert (watched.ran["b"], run.virtual_seconds) == (4, 1 + 5 + 15)


@pytest.mark.parametrize("hasty", [False, True])
@pytest.mark.parametrize("where", SURVIVING)
def test_a_step_whose_call_dies_once_more_than_that_has_failed(where: str, *, hasty: bool) -> None:
    machine = running(surviving(where, hasty=hasty, retryOnFailure=1))
    died(machine, "b", "b")
    machine.simulate()

    run = machine.result().run
    assert (machine.result().faults, run.status) == ((), "FAILED")
    assert {"b": "FAILED", "end": "NOT_STARTED"}.items() <= statuses(run).items()


@pytest.mark.parametrize("hasty", [False, True])
@pytest.mark.parametrize("where", SURVIVING)
def test_a_step_whose_call_dies_is_passed_over_where_its_author_wants_that(
    where: str, *, hasty: bool
) -> None:
    machine = running(surviving(where, hasty=hasty, continueOnFailure=True))
    watched = died(machine, "b")
    machine.simulate()

    run = machine.result().run
    assert (machine.result().faults, run.status) == ((), "COMPLETED")
    assert {"b": "FAILED_SAFELY", "end": "SUCCESS"}.items() <= statuses(run).items()
    assert "gave no answer" in run.steps["b"]["error"]
    assert watched.ran["b"] == 1


def test_a_step_that_rides_with_a_filter_is_passed_over_too() -> None:
    steps = [
        create("r", ["a", "c"]), create("a", "j"), create("c", "j"), step("j", "FILTER", "b", TRUE),
        create("b", "end", continueOnFailure=True), create("end"),
    ]  # fmt: skip
    machine = running(Case(written(*steps), {}, {}))
    died(machine, "b")
    machine.simulate()

    assert statuses(machine.result().run) == dict.fromkeys(("r", "a", "c", "j", "end"), "SUCCESS") | {
        "b": "FAILED_SAFELY"
    }


@pytest.mark.parametrize("dies", ["a", "b", "c"])
def test_in_a_hurry_too_the_step_that_was_being_executed_is_told_and_no_other(dies: str) -> None:
    steps = [create("r", ["a", "b", "c"]), *map(create, "abc")]
    machine = running(
        Case(written(*steps) | {"failFast": True}, {}, {}), lambda step_id, _: 1.0 + (step_id != dies)
    )
    died(machine, dies)
    machine.simulate()

    run = machine.result().run
    assert run.status == "FAILED"
    assert [step_id for step_id, status in statuses(run).items() if status == "FAILED"] == [dies]
    assert "gave no answer" in run.steps[dies]["error"]


def test_a_call_that_dies_while_it_tells_of_one_that_died_fails_the_step() -> None:
    machine = running(surviving("in a branch", hasty=False, retryOnFailure=3))
    machine.services = replace(machine.services, runs=Dying(machine.services.runs, calls=2))
    machine.simulate()

    run = machine.result().run
    assert (run.status, statuses(run)["b"]) == ("FAILED", "FAILED")


def test_a_call_that_dies_whenever_its_step_is_done_is_not_made_for_ever() -> None:
    """An answer that the machine cannot read, for example; the machine goes on as after a failure."""
    machine = running(surviving("in a branch", hasty=False, retryOnFailure=3))
    machine.services = replace(machine.services, runs=DeadlyAnswers(machine.services.runs))
    machine.simulate()

    run = machine.result().run
    assert (run.status, statuses(run)["b"]) == ("FAILED", "SUCCESS")
    assert machine.result().transitions < 10


class DeadlyAnswers:
    """A run store in whose presence calls of the step b die once its outcome is stored."""

    def __init__(self, runs: Any) -> None:  # noqa: ANN401 - the store
        self._runs = runs

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest of the store
        return getattr(self._runs, name)

    def save_step(self, run: Any, state: Any) -> Any:  # noqa: ANN401 - as the store's
        self._runs.save_step(run, state)
        if state.step_id == "b":
            raise StateError("Lambda.Unknown", "the function was killed")


class Dying:
    """A run store in whose presence the first calls of the step b die, also one that tells of another."""

    def __init__(self, runs: Any, calls: int) -> None:  # noqa: ANN401 - the store
        self._runs = runs
        self._left = calls

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest of the store
        return getattr(self._runs, name)

    def load(self, run_id: str, places: Any, chunks: Any = ()) -> Any:  # noqa: ANN401 - as the store's
        if Place("b") in places and self._left:
            self._left -= 1
            raise StateError("Lambda.Unknown", "the function was killed")
        return self._runs.load(run_id, places, chunks)
