"""Runs started over the API: with a payload, on chosen records, or as the test of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ventuno import errors, strict_json
from ventuno.definition.loading import told
from ventuno.runtime.rest.parameters import filter_of
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.run_manually import run_manually
from ventuno.runtime.run_on_records import Selection, run_on_records
from ventuno.runtime.start_run import refuse_if_limited
from ventuno.runtime.workflows import find_workflow

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services
    from ventuno.runtime.start_run import Started

PAYLOAD: Final[JsonObject] = {"description": "The payload, any JSON; nothing is {}"}
STARTED: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "workflowRunId": {"type": "string"},
        "name": {"type": "string"},
        "fresh": {"type": "boolean", "description": "false where the same Idempotency-Key came before"},
    },
    "required": ["workflowRunId", "name", "fresh"],
}
CHOSEN: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ids": {"type": "array", "items": {"type": "string"}},
        "filter": {"type": "string", "description": "As in record calls; empty for all records"},
        "cursor": {"type": "string"},
    },
}
STARTED_RUNS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "runs": {"type": "array", "items": STARTED},
        "cursor": {"type": ["string", "null"]},
    },
    "required": ["runs", "cursor"],
}


def started_view(started: Started) -> JsonObject:
    """Return a run that was started as callers see it."""
    return {"workflowRunId": started.run.id, "name": started.run.name, "fresh": started.fresh}


def payload_from(text: str | None) -> JsonValue:
    """Read a JSON payload; nothing is `{}`. Raises: BadRequestError"""
    if not text or not text.strip():
        return {}
    try:
        return strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f"the payload is not JSON: {error}") from error


def run(request: Request, services: Services) -> Answer:
    """Start a run. Raises: StepError, ApiError"""
    workflow, payload = find_workflow(request.place["slug"], services), _payload(request)
    started = run_manually(workflow, payload, "API", services, request.headers.get("idempotency-key"))
    refuse_if_limited(started)
    return Answer(201, started_view(started))


def run_draft(request: Request, services: Services) -> Answer:
    """Start a test of the draft. Raises: StepError, ApiError, DefinitionError"""
    from ventuno.runtime.testing import start_test  # noqa: PLC0415 - the compiler, which few calls need

    payload = _payload(request) if request.body.strip() else None
    workflow, key = find_workflow(request.place["slug"], services), request.headers.get("idempotency-key")
    started = start_test(workflow, payload, "API", services, key)
    refuse_if_limited(started)
    return Answer(201, started_view(started))


class RecordsChosen(BaseModel):
    """Which records to run on.

    Event: {"ids": [id]} or {"filter": "<as in REST, empty for all>", "cursor"?: text}
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    ids: tuple[str, ...] | None = None
    filter: str | None = None
    cursor: str | None = None

    def selection(self) -> Selection:
        """Return what is meant. Raises: BadRequestError, StepInputError"""
        if (self.ids is None) == (self.filter is None):
            raise errors.BadRequestError('send either "ids" or "filter"; an empty filter takes all records')
        if self.filter is None:
            return Selection(self.ids)
        return Selection(condition=filter_of({"filter": self.filter}), cursor=self.cursor)


def run_on(request: Request, services: Services) -> Answer:
    """Start runs on chosen records. Raises: StepError, ApiError"""
    given = _payload(request)
    try:
        chosen = RecordsChosen.model_validate(given)
    except ValidationError as error:
        raise errors.BadRequestError(*told(error, given, "the body", RecordsChosen)) from error
    workflow, key = find_workflow(request.place["slug"], services), request.headers.get("idempotency-key")
    done = run_on_records(workflow, chosen.selection(), "API", services, key)
    return Answer(201, {"runs": [started_view(started) for started in done.runs], "cursor": done.cursor})


def _payload(request: Request) -> JsonValue:
    try:
        return payload_from(request.body.decode())
    except UnicodeDecodeError as error:
        raise errors.BadRequestError("the payload is not UTF-8 text") from error
