"""Forms over the API: list those that wait, show, answer or change one, or keep what is filled in of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runs.claim_check import check_out
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form
from ventuno.runtime.forms import (
    MOST_FORMS,
    change_form,
    find_form,
    form_view,
    forms_of,
    keep_values,
    waiting_forms,
)
from ventuno.runtime.rest.parameters import iteration, limit_of
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.forms import FoundForm
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_TEXT: Final[JsonObject] = {"type": "string"}
_PERHAPS: Final[JsonObject] = {"type": ["string", "null"]}
_LINE: Final[dict[str, JsonObject]] = {
    "runId": _TEXT,
    "runName": _TEXT,
    "stepId": _TEXT,
    "iteration": _TEXT,
    "since": _PERHAPS,
    "until": _PERHAPS,
    "assignee": _PERHAPS,
    "address": _PERHAPS,
}
FORM: Final[JsonObject] = {
    "type": "object",
    "properties": {**_LINE, "name": _TEXT, "status": _TEXT, "fields": {"type": "array"}},
    "required": [*_LINE, "name", "status", "fields"],
}
LISTED: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "forms": {
            "type": "array",
            "items": {"type": "object", "properties": dict(_LINE), "required": [*_LINE]},
        },
        "cursor": _PERHAPS,
    },
    "required": ["forms", "cursor"],
}
ANSWER: Final[JsonObject] = {"type": "object", "description": "A value by the name of each field"}
ANSWERED: Final[JsonObject] = {
    "type": "object",
    "properties": {"stepId": _TEXT, "iteration": _TEXT, "status": _TEXT, "result": {"type": "object"}},
    "required": ["stepId", "iteration", "status", "result"],
}
CHANGE: Final[JsonObject] = {"description": "The fields, or {fields, assignee}, as in the step's settings"}
ITERATION: Final[dict[str, JsonObject]] = {
    "iteration": {"type": "string", "description": "In a loop the number of the iteration; 3.0 in two loops"}
}
LISTING: Final[dict[str, JsonObject]] = {
    "assignee": {"type": "string", "description": "Only forms for this assignee"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_FORMS},
    "cursor": {"type": "string"},
}


def list_forms(request: Request, services: Services) -> Answer:
    """List the forms that wait. Raises: StepError, ApiError"""
    limit = limit_of(request.query, most=MOST_FORMS)
    assignee = request.query.get("assignee") or None
    return Answer(200, waiting_forms(assignee, limit, request.query.get("cursor"), services))


def list_forms_of_run(request: Request, services: Services) -> Answer:
    """List the forms that a run waits for. Raises: StepError, ApiError"""
    return Answer(200, {"forms": [*forms_of(request.place["run"], services)], "cursor": None})


def show(request: Request, services: Services) -> Answer:
    """Show a form. Raises: StepError, ApiError"""
    return Answer(200, form_view(_form(request, services), services))


def answer(request: Request, services: Services) -> Answer:
    """Answer a form that a run waits for. Raises: StepError, ApiError"""
    state = answer_form(request.place["run"], _place(request), request.json(), services)
    return Answer(200, answered_view(state, services))


def change(request: Request, services: Services) -> Answer:
    """Ask other fields from now on. Raises: StepError, ApiError"""
    return Answer(200, change_form(_form(request, services), request.json(), services))


def keep(request: Request, services: Services) -> Answer:
    """Keep what is filled in so far; nothing is answered. Raises: StepError, ApiError"""
    values = request.json()
    if not isinstance(values, dict):
        raise errors.BadRequestError("the body must be an object with a value by the name of each field")
    return Answer(200, keep_values(_form(request, services), values, services))


def answered_view(state: StepState, services: Services) -> JsonObject:
    """Return an answered form as callers see it."""
    result = check_out(state.result, services.payloads) if state.result else None
    return {
        "stepId": state.step_id,
        "iteration": state.iteration,
        "status": state.status.value,
        "result": result,
    }


def _form(request: Request, services: Services) -> FoundForm:
    return find_form(request.place["run"], _place(request), services)


def _place(request: Request) -> Place:
    return Place(request.place["step"], iteration(request.query.get("iteration")))
