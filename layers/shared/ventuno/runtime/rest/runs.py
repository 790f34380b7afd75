"""Runs over the API: list them, show one or iterations of it, stop one, run what failed of one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runs.view import summary
from ventuno.runtime.rest.parameters import MAX_LIMIT, flag, iteration, limit_of, number
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.retry_run import LATEST, retry_run
from ventuno.runtime.show_iterations import Wanted, show_iterations
from ventuno.runtime.show_run import list_runs, show_run
from ventuno.runtime.stop_run import stop_run
from ventuno.runtime.workflows import find_workflow

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_PARTS: Final[dict[str, JsonObject]] = {
    "id": {"type": "string"},
    "name": {"type": "string"},
    "status": {"enum": [status.value for status in RunStatus]},
    "versionNumber": {"type": "integer"},
}
RUN: Final[JsonObject] = {"type": "object", "properties": dict(_PARTS), "required": [*_PARTS]}
LISTING: Final[dict[str, JsonObject]] = {
    "workflow": {"type": "string", "description": "The slug or the id of a workflow"},
    "status": {"enum": [status.value for status in RunStatus]},
    "tests": {"type": "boolean", "default": False, "description": "Only tests of the workflow's drafts"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
    "cursor": {"type": "string"},
}
LISTED: Final[JsonObject] = {
    "type": "object",
    "properties": {"runs": {"type": "array", "items": RUN}, "cursor": {"type": ["string", "null"]}},
    "required": ["runs", "cursor"],
}
SHOWN: Final[JsonObject] = {
    "type": "object",
    "properties": {**_PARTS, "state": {"type": "object"}, "stepLogs": {"type": "object"}},
    "required": [*_PARTS, "state", "stepLogs"],
}
_MOST_ITERATIONS: Final = 10_000_000
ITERATIONS: Final[dict[str, JsonObject]] = {
    "from": {"type": "integer", "minimum": 0, "maximum": _MOST_ITERATIONS, "default": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
    "within": {"type": "string", "description": "The iteration of the loops around, 3 or, of two loops, 3.0"},
}
SHOWN_ITERATIONS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "iterator": {"type": "string"},
        "within": {"type": "string"},
        "count": {"type": ["integer", "null"]},
        "iterations": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["iterator", "within", "count", "iterations"],
}
RETRY: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"onVersion": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": LATEST}]}},
}


def list_some(request: Request, services: Services) -> Answer:
    """List runs. Raises: BadRequestError, NotFoundError"""
    query = request.query
    name = query.get("workflow")
    workflow = find_workflow(name, services) if name else None
    found = list_runs(
        services,
        workflow,
        _status(query.get("status")),
        limit_of(query),
        query.get("cursor"),
        tests=flag(query, "tests"),
    )
    return Answer(200, found)


def _status(text: str | None) -> RunStatus | None:
    if text is None:
        return None
    try:
        return RunStatus(text)
    except ValueError as error:
        raise errors.BadRequestError(
            f'"{text[:100]}" is no status; use one of {", ".join(RunStatus)}'
        ) from error


def show(request: Request, services: Services) -> Answer:
    """Show a run. Raises: NotFoundError"""
    return Answer(200, show_run(request.place["run"], services))


def iterations(request: Request, services: Services) -> Answer:
    """Show iterations of a loop. Raises: BadRequestError, NotFoundError"""
    query = request.query
    wanted = Wanted(
        request.place["iterator"],
        number(query, "from", 0, _MOST_ITERATIONS, 0),
        limit_of(query),
        iteration(query.get("within")),
    )
    return Answer(200, show_iterations(request.place["run"], wanted, services))


def stop(request: Request, services: Services) -> Answer:
    """Stop a run; one that has ended is left as it is. Raises: StepError, ApiError"""
    return Answer(200, summary(stop_run(request.place["run"], services)))


def retry(request: Request, services: Services) -> Answer:
    """Run the failed steps of a FAILED run again. Raises: StepError, ApiError"""
    body = request.fields() if request.body.strip() else {}
    wanted: Any = body.get("onVersion")
    if set(body) - {"onVersion"} or not _names_version(wanted):
        raise errors.BadRequestError(
            'the body may be {"onVersion": n} or {"onVersion": "latest"}, or nothing'
        )
    return Answer(200, summary(retry_run(request.place["run"], services, wanted)))


def _names_version(wanted: int | Literal["latest"] | None) -> bool:
    return wanted in (None, LATEST) or (type(wanted) is int and wanted > 0)
