"""Loops that wait, in parts that no nesting expresses: they run beside whatever else is ready."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.graphs.cases import Case
from tests.graphs.proving import disagreements
from tests.graphs.running import running
from tests.graphs.simulating import delay, loop, statuses
from tests.graphs.test_awaiting import FIELDS, answer, started
from tests.graphs.watching import died
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.retry_run import retry_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno_dev.simulating.machine import RunningMachine

ERROR: Json = {"error": "no"}
SECONDS = {"a": 30, "b": 20, "j": 25, "x": 10}


def part(name: str, kind: str, then: Sequence[str] = ()) -> list[Json]:
    """Write what stands at a place of the N: a task, a wait, or a loop of two items that waits."""
    if kind == "task":
        return [create(name, then)]
    if kind == "delay":
        return [delay(name, then, seconds=SECONDS[name])]
    if kind == "form":
        return [step(name, "FORM", then, FIELDS)]
    body = [delay(f"{name}-wait", f"{name}-do", seconds=SECONDS[name] // 3), create(f"{name}-do", name)]
    return [loop(name, f"{name}-wait", [1, 2], then), *body]


def crossing(a: str, b: str, j: str, x: str, *, hasty: bool = False) -> Case:
    """Write r → a, b;  a → j;  b → j, x, where loops that are `broken` fail in their second iteration."""
    kinds = {"a": a, "b": b, "j": j, "x": x}
    authored = written(
        create("r", ["a", "b"]),
        *(one for name, then in (("a", ["j"]), ("b", ["j", "x"]), ("j", []), ("x", []))
          for one in part(name, kinds[name], then)),
    )  # fmt: skip
    outcomes: dict[str, Any] = {f"{name}-do": [None, ERROR] for name in kinds if kinds[name] == "broken"}
    answers = {name: {"result": {"x": "1"}} for name in kinds if kinds[name] == "form"}
    return Case(authored | ({"failFast": True} if hasty else {}), {}, outcomes | answers)


@pytest.mark.parametrize("hasty", [False, True])
@pytest.mark.parametrize("a", ["task", "delay", "form", "loop", "broken"])
def test_loops_that_wait_stand_anywhere_in_such_a_part(a: str, *, hasty: bool) -> None:
    others = itertools.product(["task", "form", "loop", "broken"], repeat=2)
    for b, x in others:
        assert disagreements(crossing(a, b, "delay", x, hasty=hasty)) == [], (b, x)
        assert disagreements(crossing(a, b, "loop", x, hasty=hasty)) == [], (b, x)


def test_nothing_waits_for_a_loop_that_does_not_depend_on_it() -> None:
    machine = running(crossing("loop", "loop", "task", "loop"))
    machine.simulate()

    result = machine.result()
    assert (result.faults, result.run.status, result.run.virtual_seconds) == ((), "COMPLETED", 20.0)
    assert started(machine)["j"] == 20
    assert started(machine)["x"] == 12


def asking() -> RunningMachine:
    """Start r → a, b;  a → j;  b → j, x, where a waits 30 s, x asks of two items, and `end` follows x."""
    return running(
        Case(
            written(
                create("r", ["a", "b"]), delay("a", "j", seconds=30), create("b", ["j", "x"]), create("j"),
                loop("x", "ask", [1, 2], "end"), step("ask", "FORM", "x", FIELDS), create("end"),
            ), {}, {},
        )
    )  # fmt: skip


@pytest.mark.parametrize("second", [20, 30, 40])
def test_the_end_of_a_loop_is_noticed_before_at_and_after_the_end_of_a_wait_beside_it(second: int) -> None:
    machine = asking()
    for index, seconds in enumerate((10, second)):
        machine.at(seconds, lambda at=index: answer(machine, "ask", str(at)))  # type: ignore[misc]
    machine.simulate()

    assert machine.result().faults == ()
    assert set(statuses(machine.result().run).values()) == {"SUCCESS"}
    times = started(machine)
    assert (times["j"], times["end"]) == (30, second)


def test_a_loop_whose_items_are_listed_by_a_second_try_waits_for_that_as_others_do() -> None:
    case = crossing("form", "task", "task", "loop")
    (iterator,) = (one for one in case.definition["steps"] if one["id"] == "x")
    iterator["settings"]["errorHandlingOptions"] = {"retryOnFailure": {"value": 1}}

    assert disagreements(replace(case, outcomes={**case.outcomes, "x": [ERROR]})) == []


@pytest.mark.parametrize(("dies", "again"), [("x-do", {"x-do": 2}), ("j", {"j": 1})])
def test_a_retry_runs_what_failed_and_nothing_twice(dies: str, again: dict[str, int]) -> None:
    """A call dies in the loop beside, whose second item is left then, or elsewhere when the loop is over."""
    machine = running(crossing("delay", "task", "task", "loop"))
    watched = died(machine, dies)
    machine.simulate()
    assert machine.result().run.status is RunStatus.FAILED
    before = watched.ran.copy()

    retry_run(machine.run.id, machine.services)
    machine.simulate()

    assert machine.result().run.status is RunStatus.COMPLETED
    assert watched.ran - before == again
