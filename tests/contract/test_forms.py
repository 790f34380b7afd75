"""FormStore: the same answers from every store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.contract.one_run import RUN
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.model import Inline, StepState
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.ports import FormStore, RunStore

TOKEN = "x" * 600


def test_the_token_stored_last_is_that_of_a_form(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    forms.save_tokens(RUN, [Place("ask"), Place("ask", "3")], "first")
    forms.save_tokens(RUN, [Place("ask")], "second")

    assert [forms.token(RUN.id, place) for place in (Place("ask"), Place("ask", "3"))] == ["second", "first"]
    assert forms.token(RUN.id, Place("other")) is None
    assert runs.load_all(RUN.id).states == ()


def test_a_form_whose_machine_was_not_told_is_listed_until_it_was(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    places = [Place("ask"), Place("ask", "3")]
    for second, place in enumerate(places):
        at = f"2026-03-01T12:00:0{second}.000Z"
        runs.save_step(RUN, StepState(*_of(place), untold=True, token="t", ended_at=at))  # noqa: S106 - no secret

    assert forms.untold("2026-03-01T12:00:00.500Z", 10) == [(RUN.id, places[0])]
    assert forms.untold("2026-03-01T13:00:00.000Z", 10) == [(RUN.id, place) for place in places]
    forms.told(RUN.id, places[0])
    forms.told(RUN.id, places[0])
    assert forms.untold("2026-03-01T13:00:00.000Z", 10) == [(RUN.id, places[1])]
    assert runs.load(RUN.id, places).by_place[places[0]].untold is False


def _of(place: Place) -> tuple[str, StepStatus, str]:
    return place.step_id, StepStatus.SUCCESS, place.iteration


def waits(step_id: str, until: str, assignee: str | None = None, iteration: str = "") -> StepState:
    """Return a form that waits."""
    waiting: JsonObject = {"type": "FORM", "since": "2026-03-01T12:00:00.000Z", "until": until}
    waiting |= {"assignee": assignee} if assignee else {}
    return StepState(
        step_id,
        StepStatus.PENDING,
        iteration,
        waiting_for=waiting,
        token=TOKEN,
        rides=("f",),
        link="x" * 43,
        form=Inline("[]"),
    )


SOON, LATE = "2026-03-02T12:00:00.000Z", "2026-03-03T12:00:00.000Z"
NOW = "2026-03-01T12:00:00.000Z"


def forms_of(forms: FormStore, assignee: str | None = None, now: str = NOW) -> list[StepState]:
    return [state for _, state in forms.waiting(assignee, now, 10, None).forms]


def test_forms_are_listed_while_they_wait_those_that_close_first_before_the_others(
    runs: RunStore, forms: FormStore
) -> None:
    late, soon, looped = waits("a", LATE, "ann"), waits("b", SOON), waits("b", SOON, "bob", "3.0")
    runs.create(RUN)
    for state in (late, soon, looped):
        runs.save_step(RUN, state)

    assert forms_of(forms) == [soon, looped, late]
    assert forms_of(forms, "ann") == [late]
    assert forms_of(forms, now=SOON) == [soon, looped, late]
    assert forms_of(forms, now="2026-03-02T12:00:00.001Z") == [late]
    runs.save_step(RUN, replace(soon, status=StepStatus.SUCCESS, result=Inline("{}"), waiting_for=None))
    assert forms_of(forms) == [looped, late]


def test_forms_of_runs_that_have_ended_are_not_listed(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    runs.save_step(RUN, waits("a", SOON))
    runs.close(RUN.id, 0, RunStatus.STOPPED, None, SOON)

    assert forms_of(forms) == []


def test_pages_of_forms_lead_to_all_of_them(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    waiting = [waits(step_id, SOON, "ann") for step_id in ("a", "b", "c")]
    for state in waiting:
        runs.save_step(RUN, state)
    for assignee in (None, "ann"):
        first = forms.waiting(assignee, NOW, 2, None)
        second = forms.waiting(assignee, NOW, 2, first.cursor)

        assert [state for page in (first, second) for _, state in page.forms] == waiting
        assert {run.id for run, _ in first.forms} == {RUN.id}
        assert second.cursor is None


def test_a_form_is_stored_again_while_it_waits_with_the_same_token(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    waiting = waits("a", SOON)
    assert forms.change(RUN, waiting) is False
    runs.save_step(RUN, waiting)
    changed = replace(waiting, form=Inline('[{"name":"x"}]'))

    assert forms.change(RUN, changed) is True
    assert forms.change(RUN, replace(changed, token="y", form=None)) is False  # noqa: S106 - no secret
    assert forms_of(forms) == [changed]
    runs.save_step(RUN, replace(waiting, status=StepStatus.SUCCESS, waiting_for=None))
    assert forms.change(RUN, changed) is False
