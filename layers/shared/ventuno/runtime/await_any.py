"""Wait until one of several open forms is answered: one task token for all of them.

The token is stored before the forms are read, and an answer is stored before the token is read, so of two
that come at once at least one sees the other, and no answer is ever slept through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.compiler.contract import FAILED
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import VersionRef
from ventuno.runs.places import Place
from ventuno.runtime.answering import settled_answers
from ventuno.runtime.form_expiry import expired
from ventuno.runtime.run_step import run_step
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import StepEvent

_versions = VersionCache()


def machine_call(event: StepEvent, services: Services) -> JsonObject:
    """Do what a state of a machine asks for: run a step, or wait for one of several forms."""
    return await_any(event, services) if event.forms else run_step(event, services)


def await_any(event: StepEvent, services: Services) -> JsonObject:
    """Store the token of a state that waits; send it at once where a form is answered or over.

    Returns what the machine reads: {"answers": {stepId: answer}}, empty while it waits.

    Raises: NotFoundError, RunNotRunningError, StoreUnavailableError
    """
    version = _versions.load(VersionRef.parse(event.version), services.workflows, services.payloads)
    places = [Place(form, event.iteration) for form in event.forms]
    run = services.runs.load(event.run, []).run
    if run.status is not RunStatus.RUNNING:
        raise errors.RunNotRunningError(f"run {run.id} is {run.status}; no step may start")
    services.runs.save_tokens(run, places, event.token or "")
    answers: JsonObject = {}
    for state in services.runs.load(event.run, places).states:
        if not state.open:
            answers |= settled_answers(run.id, version, state, services)
        elif expired(state, services.clock.now()):
            answers |= _end(event, state, services)
    if answers and event.token is not None:
        services.machines.answer(event.token, to_text({"answers": answers}))
    return {"answers": answers}


def _end(event: StepEvent, state: StepState, services: Services) -> JsonObject:
    """End a form that nobody answered in time, and return its answers."""
    given = {"step": state.step_id, "rides": state.rides, "alone": state.alone, "token": None, "forms": ()}
    try:
        told: Any = run_step(event.model_copy(update=given), services)
    except errors.StepFailedError:
        return {state.step_id: FAILED}
    return dict(told["answers"])
