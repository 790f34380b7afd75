"""Take the answer to a form: check it, store it once, let the run go on.

The answer is stored before the machine hears of it. An answer that was stored and did not get through is sent
again when somebody answers again, who is told that the form is answered.
Source: reference §3.10; decisions, Actions (FORM)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import CallbackAction
from ventuno.actions.registry import ACTIONS
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.expressions import NOW
from ventuno.runs.claim_check import check_in
from ventuno.runtime.answering import send_answer
from ventuno.runtime.reading import Reading, roots_of
from ventuno.runtime.riders import Ride, evaluate_riders
from ventuno.runtime.services import Services, instant
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import LoadedRun, StepState
    from ventuno.runs.places import Place
    from ventuno.runtime.versions import LoadedVersion

_versions = VersionCache()


def answer_form(run_id: str, place: Place, answer: JsonValue, services: Services) -> StepState:
    """Submit an answer and return the form's state.

    Raises: NotFoundError (no such run, or no form waits there), ConflictError (answered before, expired, or
    the run has ended), FormAnswerError (what is wrong with which field), StoreUnavailableError
    """
    loaded = services.runs.load(run_id, [place])
    version = _versions.load(loaded.run.version, services.workflows, services.payloads)
    waiting = _waiting(loaded, place, version, services)
    state = _answered(loaded, waiting, _checked(version, place, answer, services), version, services)
    before = services.runs.save_step(loaded.run, state)
    _tell(loaded, version, before or state, services)
    if before is not None:
        raise errors.ConflictError("the form was answered already")
    return state


def _waiting(loaded: LoadedRun, place: Place, version: LoadedVersion, services: Services) -> StepState:
    """Return the state of a form that may be answered now."""
    state = loaded.by_place.get(place)
    if state is None or (state.token is None and state.status is StepStatus.PENDING):
        raise errors.NotFoundError(f'no form of run "{loaded.run.id}" waits at "{place.step_id}"')
    if state.status is not StepStatus.PENDING:
        _tell(loaded, version, state, services)
        raise errors.ConflictError("the form was answered already")
    if loaded.run.status is not RunStatus.RUNNING:
        raise errors.ConflictError(f"the run is {loaded.run.status}; its forms take no answer")
    until: Any = (state.waiting_for or {}).get("until")
    if until is not None and datetime.fromisoformat(until) <= services.clock.now():
        raise errors.ConflictError("the form has expired")
    return state


def _checked(version: LoadedVersion, place: Place, answer: JsonValue, services: Services) -> JsonValue:
    """Check an answer and return the step's result."""
    step = version.definition.step(place.step_id)
    action = ACTIONS[step.type]
    if not isinstance(action, CallbackAction):
        raise errors.NotFoundError(f'"{place.step_id}" is no form')
    settings = action.settings_type.model_validate(step.settings.input)
    result: JsonValue = action.result_of(settings, answer, services.objects)
    return result


def _answered(
    loaded: LoadedRun, waiting: StepState, result: JsonValue, version: LoadedVersion, services: Services
) -> StepState:
    """Return the form's state with its answer, and what the call that asked would have evaluated after it."""
    place = waiting.place
    reading = Reading(version, place, roots_of(version, waiting.rides))
    values = reading.values(services.runs.load(loaded.run.id, reading.places(), reading.chunks()), services)
    now = instant(services.clock)
    state = replace(
        waiting,
        status=StepStatus.SUCCESS,
        result=check_in(result, f"runs/{loaded.run.id}/{place.step_id}/{place.iteration}", services.payloads),
        waiting_for=None,
        ended_at=now,
    )
    seen = values | {place.step_id: result, NOW: now}
    riders = evaluate_riders(state, waiting.rides, Ride(version, seen, services), alone=waiting.alone)
    return replace(state, riders=riders)


def _tell(loaded: LoadedRun, version: LoadedVersion, state: StepState, services: Services) -> None:
    if state.token is not None:
        send_answer(loaded.run.id, version, state, state.token, services)
