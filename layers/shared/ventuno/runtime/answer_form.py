"""Take the answer to a form: check it, store it once, let the run go on.

The answer is stored before the machine hears of it. One that was stored and did not get through is sent again
by the sweep, and when somebody answers again, who is told that the form is answered.
Source: reference §3.10; decisions, Actions (FORM)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import CallbackAction
from ventuno.actions.registry import ACTIONS
from ventuno.engine.statuses import StepStatus
from ventuno.expressions import NOW
from ventuno.runs.claim_check import check_in, to_text
from ventuno.runtime.answering import send_answer
from ventuno.runtime.forms import ANSWERED, FoundForm, find_form
from ventuno.runtime.reading import Reading, roots_of
from ventuno.runtime.riders import Ride, evaluate_riders
from ventuno.runtime.services import Services, instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import StepState
    from ventuno.runs.places import Place


def answer_form(run_id: str, place: Place, answer: JsonValue, services: Services) -> StepState:
    """Submit an answer and return the form's state.

    Raises: NotFoundError (no such run, or no form waits there), ConflictError (answered before, expired, or
    the run has ended), FormAnswerError (what is wrong with which field), StoreUnavailableError
    """
    return answer_found(find_form(run_id, place, services), answer, services)


def answer_found(form: FoundForm, answer: JsonValue, services: Services) -> StepState:
    """Submit an answer to a form that was found. Raises: as `answer_form`"""
    if form.state.status is not StepStatus.PENDING:
        tell(form, form.state, services)
    form.refuse_if_closed(services)
    state = _answered(form, _checked(form, answer, services), services)
    before = services.runs.save_step(form.run, state)
    tell(form, before or state, services)
    if before is not None:
        raise errors.ConflictError(ANSWERED)
    return state


def _checked(form: FoundForm, answer: JsonValue, services: Services) -> JsonValue:
    """Check an answer and return the step's result."""
    action = ACTIONS[form.step.type]
    if not isinstance(action, CallbackAction):
        raise errors.NotFoundError(f'"{form.step.id}" is no form')
    result: JsonValue = action.result_of(form.settings, answer, services.objects, services.records)
    return result


def _answered(form: FoundForm, result: JsonValue, services: Services) -> StepState:
    """Return the form's state with its answer, and what the call that asked would have evaluated after it."""
    run_id, place, version, waiting = form.run.id, form.state.place, form.version, form.state
    values: dict[str, Any] = {}
    if waiting.rides:
        reading = Reading(version, place, roots_of(version, waiting.rides))
        values = reading.values(services.runs.load(run_id, reading.places(), reading.chunks()), services)
    now = instant(services.clock)
    state = replace(
        waiting,
        status=StepStatus.SUCCESS,
        result=check_in(result, f"runs/{run_id}/{place.step_id}/{place.iteration}", services.payloads),
        waiting_for=None,
        untold=True,
        ended_at=now,
    )
    seen = values | {place.step_id: result, NOW: now}
    riders = evaluate_riders(state, waiting.rides, Ride(version, seen, services), alone=waiting.alone)
    return replace(state, riders=riders)


def tell(form: FoundForm, state: StepState, services: Services) -> None:
    """Let the machine go on: the form's own state in it, or the one that waits for this form and others.

    Raises: StoreUnavailableError
    """
    if state.token is not None and not state.awaited:
        send_answer(form.run.id, form.version, state, state.token, services)
    elif token := services.forms.token(form.run.id, state.place):
        services.machines.answer(token, to_text({}))
    if state.untold:
        services.forms.told(form.run.id, state.place)
