"""Parts that no nesting expresses: what becomes of a call of rounds that is slow, comes again, or dies."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, defined, step, written
from tests.graphs.cases import Case
from tests.graphs.running import running
from tests.graphs.simulating import delay, loop, statuses
from tests.graphs.watching import Watched, died
from ventuno import errors
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno_dev.asl.errors import StateError

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno_dev.simulating.machine import RunningMachine

FIELDS = [{"name": "x", "label": "X", "type": "TEXT"}]


def ladder(rungs: int) -> Definition:
    """Write two rails, `a` and `b`: a1 → a2 → …, b1 → b2 → …, and a rung from each `a` to the next `b`."""
    steps = [create("r", ["a1", "b1"])]
    for rung in range(1, rungs):
        steps.append(create(f"a{rung}", [f"a{rung + 1}", f"b{rung + 1}"]))
        steps.append(create(f"b{rung}", [f"b{rung + 1}"]))
    return defined(*steps, create(f"a{rungs}"), create(f"b{rungs}"))


def crossing(*further: Any, x: Any = (), **options: Any) -> RunningMachine:  # noqa: ANN401 - steps
    """Start r → a, b;  a → j;  b → j, x."""
    steps = [
        create("r", ["a", "b"]), create("a", "j", **options), create("b", ["j", "x"]), create("j"),
        create("x", list(x)), *further,
    ]  # fmt: skip
    return running(Case(written(*steps), {}, {}))


@pytest.mark.parametrize("rungs", [2, 50, 500])
def test_a_ladder_has_as_many_states_however_long_it_is(rungs: int) -> None:
    compiled = compile_definition(ladder(rungs), KINDS)

    assert compiled.figures.states == 5
    assert len(compiled.text) < 6_000


def test_a_ladder_runs_in_one_call_after_its_first_step() -> None:
    machine = running(Case(ladder(20).to_dict(), {}, {}))
    machine.simulate()

    result = machine.result()
    assert result.run.status == "COMPLETED"
    assert len(result.run.executions) == 41
    assert result.transitions == 4


def test_a_call_that_has_run_for_long_leaves_the_rest_to_the_next() -> None:
    machine = crossing()
    clock = machine.services.clock
    seconds = iter(range(0, 1_000, 5))
    watched = Watched(machine, lambda _: clock.move_to(next(seconds)))  # type: ignore[attr-defined]
    machine.simulate()

    result = machine.result()
    assert set(statuses(result.run).values()) == {"SUCCESS"}
    assert watched.ran == Counter("rabjx")
    assert result.transitions > 4


def test_a_call_that_comes_again_runs_nothing_twice_that_was_stored() -> None:
    machine = crossing()
    refused = iter([True])

    def refuse(step_id: str) -> None:
        if step_id == "j" and next(refused, False):
            raise errors.StoreUnavailableError("throttled")

    watched = Watched(machine, refuse)
    machine.simulate()

    assert machine.result().run.status == "COMPLETED"
    assert watched.ran == Counter("rabjjx")


def test_the_step_in_which_a_call_dies_has_failed_and_the_others_run() -> None:
    machine = crossing()
    watched = died(machine, "b")
    machine.simulate()

    run = machine.result().run
    assert run.status == "FAILED"
    assert statuses(run) == {
        "r": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "j": "NOT_STARTED", "x": "NOT_STARTED",
    }  # fmt: skip
    assert "gave no answer" in run.steps["b"]["error"]
    assert "Lambda.Unknown" in run.steps["b"]["error"]
    assert watched.ran == Counter("rab")


def test_a_function_that_always_dies_ends_the_run() -> None:
    machine = crossing(step("ask", "FORM", given=FIELDS), x=["ask"])
    machine.services = replace(machine.services, runs=Dead(machine.services.runs))
    machine.simulate()

    assert machine.result().run.status == "FAILED"


class Dead:
    """A run store in whose presence every call of rounds dies, and none of other steps."""

    def __init__(self, runs: Any) -> None:  # noqa: ANN401 - the store
        self._runs = runs

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest of the store
        return getattr(self._runs, name)

    def load(self, run_id: str, places: Any, chunks: Any = ()) -> Any:  # noqa: ANN401 - as the store's
        if len([*places]) > 3:
            raise StateError("Lambda.Unknown", "the function was killed")
        return self._runs.load(run_id, places, chunks)


def test_a_loop_goes_on_beside_steps_that_are_done_and_the_next_round_follows_it() -> None:
    machine = crossing(
        loop("each", "body", [1, 2], "end"), create("body", "each"), delay("wait", seconds=5), create("end"),
        x=["each", "wait"],
    )  # fmt: skip
    machine.simulate()

    run = machine.result().run
    assert run.status == "COMPLETED"
    assert run.virtual_seconds == 5
    assert run.steps["end"]["status"] == "SUCCESS"
