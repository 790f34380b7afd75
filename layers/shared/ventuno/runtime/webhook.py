"""Accept a webhook call: check the address, the method and the key, read the body, start the run.

Everything wrong is refused before anything is stored.
Source: reference §2.4, §9.2; decisions, Triggers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ventuno import errors, strict_json
from ventuno.access.model import Role
from ventuno.runtime.access import require_role
from ventuno.runtime.actors import WEBHOOK_ACTOR
from ventuno.runtime.start_run import Start, start_run
from ventuno.triggers.webhook import Webhook, WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import ActiveVersion, Workflow

MAX_BODY_BYTES = 6 * 1024 * 1024
MAX_FORM_FIELDS = 10_000
_PREFIX = ["webhooks", "workflows"]
_ADDRESS_PARTS = 4
_KEY_HEADERS = ("webhook-id", "idempotency-key")
_MAX_KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One HTTP request. Header names are lower case; `path` starts with a slash and has no stage."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What goes back. Body: {"workflowName": "…", "success": true, "workflowRunId": "<uuid>"}"""

    status: int
    body: JsonObject


def accept_webhook(call: WebhookCall, services: Services) -> WebhookAnswer:
    """Start a run for a call; the same idempotency key gives the same run again.

    Raises: NotFoundError, WorkflowStatusError, WorkflowTriggerError, MethodNotAllowedError,
    UnauthorizedError, BadRequestError, PayloadTooLargeError, StoreUnavailableError
    """
    if len(call.body) > MAX_BODY_BYTES:
        raise errors.PayloadTooLargeError(
            f"the body has {len(call.body)} bytes, {MAX_BODY_BYTES} are allowed"
        )
    workflow = _workflow(call.path, services)
    settings = _settings(workflow)
    if call.method != settings.http_method:
        raise errors.MethodNotAllowedError(f"this webhook takes {settings.http_method}, not {call.method}")
    if settings.authentication == "API_KEY":
        require_role(call.headers, Role.RUNNER, services)
    payload = dict(call.query) if call.method == "GET" else _payload(call)
    started = start_run(Start(workflow, payload, WEBHOOK_ACTOR, _event_key(call.headers)), services)
    body: JsonObject = {"workflowName": workflow.name, "success": True, "workflowRunId": started.run.id}
    return WebhookAnswer(200 if call.method == "GET" else 201, body)


def _workflow(path: str, services: Services) -> Workflow:
    parts = path.strip("/").split("/")
    known = len(parts) == _ADDRESS_PARTS and parts[:2] == _PREFIX and parts[2] == services.workspace_id
    workflow = services.workflows.get(parts[3]) if known and parts[3] else None
    if workflow is None:
        raise errors.NotFoundError(
            "no webhook has this address; copy it from `ventuno activate` or the workflow page"
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


def _payload(call: WebhookCall) -> JsonValue:
    """Read the body by its content type; an empty body is `{}`."""
    if not call.body.strip():
        return {}
    media_type = call.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    text = _text(call.body)
    if media_type == "application/x-www-form-urlencoded":
        return _form(text)
    if media_type == "text/plain":
        return {"text": text}
    return _json(text)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadRequestError(
            f"the body is not UTF-8 text: {error.reason} at byte {error.start}"
        ) from error


def _form(text: str) -> JsonObject:
    """Read a form; a field that comes more than once becomes a list."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS)
    except ValueError as error:
        raise errors.BadRequestError(f"the form has more than {MAX_FORM_FIELDS} fields") from error
    fields: dict[str, list[JsonValue]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _json(text: str) -> JsonValue:
    try:
        value = strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict | list):
        raise errors.BadRequestError("the JSON in the body must be an object or an array")
    return value
