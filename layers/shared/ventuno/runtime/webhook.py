"""Accept a webhook call: check address, method and caller, read the payload, start the run, answer.

Everything wrong is refused before anything is stored.
Source: reference §2.4, §9.2; decisions, Triggers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runtime.actors import WEBHOOK_ACTOR
from ventuno.runtime.start_run import Start, refuse_if_limited, start_run
from ventuno.runtime.webhook_body import body_payload, query_payload
from ventuno.runtime.webhook_caller import admit
from ventuno.runtime.webhook_result import NotYet, result_of
from ventuno.triggers.webhook import Webhook, WebhookSettings
from ventuno.workflow.address import id_and_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import ActiveVersion, Workflow

MAX_BODY_BYTES = 6 * 1024 * 1024
_PREFIX = ["webhooks", "workflows"]
_ADDRESS_PARTS = 4
_KEY_HEADERS = ("webhook-id", "idempotency-key")
_MAX_KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One HTTP request. Header names are lower case; `path` starts with a slash and has no stage.

    `query` has the last or joined value of each name, `query_text` is what was sent.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    query_text: str = ""


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What goes back.

    Body: {"workflowName": "…", "success": true, "workflowRunId": "<uuid>"}, or the result of a step
    """

    status: int
    body: JsonValue


def accept_webhook(call: WebhookCall, services: Services) -> WebhookAnswer:
    """Start a run for a call; the same idempotency key gives the same run again.

    Raises: NotFoundError, WorkflowStatusError, WorkflowTriggerError, MethodNotAllowedError,
    UnauthorizedError, ForbiddenError, BadRequestError, UnsupportedMediaTypeError, PayloadTooLargeError,
    RunLimitError, RunResultError, StoreUnavailableError
    """
    if len(call.body) > MAX_BODY_BYTES:
        raise errors.PayloadTooLargeError(
            f"the body has {len(call.body)} bytes, {MAX_BODY_BYTES} are allowed"
        )
    workflow = _workflow(call.path, services)
    settings = _settings(workflow)
    if call.method != settings.http_method:
        message = f"this webhook takes {settings.http_method}, not {call.method}"
        raise errors.MethodNotAllowedError(message, headers={"allow": settings.http_method})
    admit(settings, call.headers, call.body, services)
    started = start_run(Start(workflow, _payload(call), WEBHOOK_ACTOR, _event_key(call.headers)), services)
    refuse_if_limited(started)
    accepted: JsonObject = {"workflowName": workflow.name, "success": True, "workflowRunId": started.run.id}
    if settings.respond is None:
        return WebhookAnswer(200 if call.method == "GET" else 201, accepted)
    result = result_of(started.run, settings.respond, services)
    return WebhookAnswer(202, accepted) if isinstance(result, NotYet) else WebhookAnswer(200, result)


def _payload(call: WebhookCall) -> JsonValue:
    if call.method == "GET":
        return query_payload(call.query_text)
    return body_payload(call.body, call.headers.get("content-type"))


def _workflow(path: str, services: Services) -> Workflow:
    parts = path.strip("/").split("/")
    known = len(parts) == _ADDRESS_PARTS and parts[:2] == _PREFIX and parts[2] == services.workspace_id
    workflow_id, secret = id_and_secret(parts[3]) if known else ("", "")
    workflow = services.workflows.get(workflow_id) if workflow_id else None
    if workflow is None or not workflow.hook.admits(secret, services.clock.now()):
        raise errors.NotFoundError(
            "no webhook has this address; copy it from `ventuno workflows show` or the workflow page"
        )
    return workflow


def _settings(workflow: Workflow) -> WebhookSettings:
    active: ActiveVersion | None = workflow.active
    if active is None:
        raise errors.WorkflowStatusError(
            f'workflow "{workflow.name}" is not active; activate it and call again'
        )
    if active.trigger_type != Webhook.wire_type:
        raise errors.WorkflowTriggerError(
            f'workflow "{workflow.name}" starts by {active.trigger_type}, not by webhook'
        )
    return WebhookSettings.model_validate(active.trigger_settings)


def _event_key(headers: Mapping[str, str]) -> str | None:
    key = next((headers[name] for name in _KEY_HEADERS if headers.get(name)), None)
    if key is not None and len(key) > _MAX_KEY_LENGTH:
        raise errors.BadRequestError(f"the idempotency key is longer than {_MAX_KEY_LENGTH} characters")
    return None if key is None else f"webhook:{key}"
