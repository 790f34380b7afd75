"""Several forms and delays open at once in a part that no nesting expresses, answered from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.graphs.cases import Case
from tests.graphs.running import running
from tests.graphs.simulating import delay
from ventuno import errors
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form

if TYPE_CHECKING:
    from ventuno_dev.simulating.machine import RunningMachine

FIELDS: list[Json] = [{"name": "x", "label": "X", "type": "TEXT"}]
HOUR: Json = {"fields": FIELDS, "expiresAfter": {"hours": 1}}


def meeting(a: Json | list[Json] = FIELDS, **options: Any) -> RunningMachine:  # noqa: ANN401 - error handling
    """Start r → a, b;  a → j;  b → c, j, wait;  c → after;  wait → later, where a and c are forms."""
    steps = [
        create("r", ["a", "b"]), step("a", "FORM", "j", a, **options), create("b", ["c", "j", "wait"]),
        step("c", "FORM", "after", FIELDS), create("after"), create("j"),
        delay("wait", "later", seconds=15), create("later"),
    ]  # fmt: skip
    return running(Case(written(*steps), {}, {}))


def answer(machine: RunningMachine, step_id: str, iteration: str = "") -> None:
    answer_form(machine.run.id, Place(step_id, iteration), {"x": step_id}, machine.services)


def started(machine: RunningMachine) -> dict[str, float]:
    return {done.step_id: done.started_at for done in machine.result().run.executions}


@pytest.mark.parametrize(("first", "second"), [("a", "c"), ("c", "a")])
def test_whatever_ends_first_lets_what_hangs_on_it_go_on(first: str, second: str) -> None:
    machine = meeting()
    machine.at(10, lambda: answer(machine, first))
    machine.at(20, lambda: answer(machine, second))
    machine.simulate()

    assert machine.result().faults == ()
    assert machine.result().run.status == "COMPLETED"
    times = started(machine)
    follows = {"a": "j", "c": "after"}
    assert (times[follows[first]], times["later"], times[follows[second]]) == (10, 15, 20)


def test_answers_of_one_instant_are_both_taken() -> None:
    machine = meeting()
    for form in ("a", "c"):
        machine.at(10, lambda form=form: answer(machine, form))  # type: ignore[misc]
    machine.simulate()

    assert machine.result().run.status == "COMPLETED"
    assert started(machine)["j"] == started(machine)["after"] == 10


def test_an_answer_at_the_instant_in_which_a_delay_is_over_is_taken() -> None:
    machine = meeting()
    machine.at(15, lambda: answer(machine, "a"))
    machine.at(15, lambda: answer(machine, "c"))
    machine.simulate()

    assert machine.result().run.status == "COMPLETED"


def test_a_form_is_answered_once() -> None:
    machine = meeting()
    refused: list[str] = []

    def again() -> None:
        with pytest.raises(errors.ConflictError) as caught:
            answer(machine, "a")
        refused.append(str(caught.value))

    machine.at(10, lambda: answer(machine, "a"))
    machine.at(11, again)
    machine.at(12, lambda: answer(machine, "c"))
    machine.simulate()

    assert refused == ["the form was answered already"]
    assert machine.result().run.status == "COMPLETED"
