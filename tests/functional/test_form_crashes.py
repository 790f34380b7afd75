"""The answer to a form, with the process killed at every call it makes: taken once, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import step
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.world import World
from ventuno import errors
from ventuno.engine.statuses import StepStatus
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from ventuno.runs.model import Run

ASK = Place("ask")
TOKEN = "task-token"  # noqa: S105 - no secret
FORM = {"fields": [{"name": "note", "label": "Note of {{trigger.name}}", "type": "TEXT"}]}


def waiting() -> tuple[World, Run]:
    world = World()
    run = world.begin(step("ask", "FORM", given=FORM))
    run_step(StepEvent(run=run.id, version=str(run.version), step="ask", token=TOKEN), world.services)
    return world, run


def calls_of_an_answer() -> list[str]:
    world, run = waiting()
    fuse = Fuse()
    answer_form(run.id, ASK, {"note": "first"}, fuse.protecting(world.services))
    return fuse.calls


CALLS = calls_of_an_answer()


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("at", range(len(CALLS)), ids=CALLS)
def test_an_answer_that_died_on_its_way_is_taken_once_and_the_run_goes_on(at: int, when: str) -> None:
    world, run = waiting()
    with pytest.raises(Killed):
        answer_form(run.id, ASK, {"note": "first"}, Fuse(at, when).protecting(world.services))
    stored = world.states(run.id)["ask"].status is StepStatus.SUCCESS
    try:
        answer_form(run.id, ASK, {"note": "second"}, world.services)
        refused = False
    except errors.ConflictError:
        refused = True
    state = world.states(run.id)["ask"]

    assert refused is stored
    assert str(state.result) == f'Inline(text=\'{{"note":"{"first" if stored else "second"}"}}\')'
    assert list(world.machines.answers) == [TOKEN]


def test_an_answer_takes_few_calls() -> None:
    assert CALLS.count("runs.save_step") == 1
    assert CALLS.count("machines.answer") == 1
    assert CALLS.count("runs.load") == 1
