"""Rollouts, limits and the address of a webhook over the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runtime.hook_address import hook_path, rotate_address
from ventuno.runtime.judging import take_back
from ventuno.runtime.limiting import limits_from, set_limits
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.workflows import find_workflow, workflow_view

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

_RULES = {"percent": "percent", "mostFailuresPercent": "most_failures_percent", "afterRuns": "after_runs"}


def roll_out(request: Request, services: Services) -> Answer:
    """Roll the draft out, or change its share: {percent, mostFailuresPercent?, afterRuns?}.

    Raises: StepError, ApiError, DefinitionError
    """
    from ventuno.runtime.rollout import RolloutRules, start_rollout  # noqa: PLC0415 - the compiler, which few calls need

    workflow, body = _named(request, services), request.fields()
    wrong = [name for name, value in body.items() if name not in _RULES or type(value) is not int]
    if wrong or "percent" not in body:
        raise errors.BadRequestError(
            "the body must have percent, and may have mostFailuresPercent and afterRuns, as whole numbers"
        )
    given = {_RULES[name]: value for name, value in body.items() if isinstance(value, int)}
    rules = replace(RolloutRules(given.pop("percent")), **given)
    return Answer(200, workflow_view(start_rollout(workflow, rules, services)))


def finish(request: Request, services: Services) -> Answer:
    """Make the version that is rolled out the active one. Raises: StepError, ApiError"""
    from ventuno.runtime.rollout import finish_rollout  # noqa: PLC0415 - as above

    return Answer(200, workflow_view(finish_rollout(_named(request, services), services)))


def take_rollout_back(request: Request, services: Services) -> Answer:
    """Give all runs to the active version again. Raises: StepError, ApiError"""
    workflow = _named(request, services)
    caller = request.caller.name if request.caller else "somebody"
    number = workflow.rollout.candidate.number if workflow.rollout else 0
    return Answer(200, workflow_view(take_back(workflow, f"v{number} was taken back by {caller}", services)))


def put_limits(request: Request, services: Services) -> Answer:
    """Set the limits; one that is left out is none. Raises: StepError, ApiError"""
    workflow = _named(request, services)
    return Answer(200, workflow_view(set_limits(workflow, limits_from(request.fields()), services)))


def change_address(request: Request, services: Services) -> Answer:
    """Give the webhook another address: {graceSeconds?}. Raises: StepError, ApiError"""
    workflow = _named(request, services)
    body = request.fields() if request.body.strip() else {}
    seconds = body.get("graceSeconds", 0)
    if set(body) - {"graceSeconds"} or type(seconds) is not int or abs(seconds) > 10**9:
        raise errors.BadRequestError("the body may have graceSeconds, a whole number, and nothing else")
    changed = rotate_address(workflow, timedelta(seconds=seconds), services)
    told: JsonObject = {"webhookPath": hook_path(changed, services.workspace_id)}
    until = [old.until for old in changed.hook.old]
    return Answer(200, {**told, "oldAddressesUntil": [*until]})


def _named(request: Request, services: Services) -> Workflow:
    return find_workflow(request.place["slug"], services)
