"""Runs over the API: stop one, or run what failed of one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from ventuno import errors
from ventuno.runs.view import summary
from ventuno.runtime.rest.parameters import refuse_unknown
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.retry_run import LATEST, retry_run
from ventuno.runtime.stop_run import stop_run

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

RUN: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "status": {"type": "string"},
        "versionNumber": {"type": "integer"},
    },
    "required": ["id", "name", "status", "versionNumber"],
}
RETRY: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"onVersion": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": LATEST}]}},
}


def stop(request: Request, services: Services) -> Answer:
    """Stop a run; one that has ended is left as it is. Raises: StepError, ApiError"""
    refuse_unknown(request.query, ())
    return Answer(200, summary(stop_run(request.place["run"], services)))


def retry(request: Request, services: Services) -> Answer:
    """Run the failed steps of a FAILED run again. Raises: StepError, ApiError"""
    refuse_unknown(request.query, ())
    body = request.fields() if request.body.strip() else {}
    wanted: Any = body.get("onVersion")
    if set(body) - {"onVersion"} or not _names_version(wanted):
        raise errors.BadRequestError(
            'the body may be {"onVersion": n} or {"onVersion": "latest"}, or nothing'
        )
    return Answer(200, summary(retry_run(request.place["run"], services, wanted)))


def _names_version(wanted: int | Literal["latest"] | None) -> bool:
    return wanted in (None, LATEST) or (type(wanted) is int and wanted > 0)
