"""Wait until one of several open forms is answered, or a loop beside is over: one task token for all of them.

The token is stored before the forms are read, and an answer is stored before the token is read, so of two
that come at once at least one sees the other, and no answer is ever slept through. Nothing runs in this call,
so nothing runs twice when the token is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.places import Place
from ventuno.runtime.form_expiry import expired

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.runs.model import StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import RoundsEvent
    from ventuno.runtime.versions import LoadedVersion


def await_answer(event: RoundsEvent, token: str, version: LoadedVersion, services: Services) -> None:
    """Store the token of a state that waits; send it at once where a form is answered or over, or a loop is.

    Raises: NotFoundError, RunNotRunningError, StoreUnavailableError
    """
    places = [Place(form, event.iteration) for form in event.rounds.forms]
    run = services.runs.load(event.run, []).run
    if run.status is not RunStatus.RUNNING:
        raise errors.RunNotRunningError(f"run {run.id} is {run.status}; no step may start")
    services.forms.save_tokens(run, places, token)
    now = services.clock.now()
    stored = {lies for place in places for lies in version.places_of(place)}
    states = services.runs.load(event.run, stored).by_place
    if any(_is_over(states[place], now) for place in places):
        services.machines.answer(token, to_text({}))


def _is_over(state: StepState, now: datetime) -> bool:
    if state.count is not None:
        return state.over is not None
    return not state.asks or expired(state, now)
