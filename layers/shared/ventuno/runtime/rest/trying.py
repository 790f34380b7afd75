"""Try one step over the API: its request is really sent, its code really run, and nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ventuno import errors
from ventuno.definition.loading import told
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.try_event import TryEvent

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

TRIAL: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "step": {"type": "object", "description": "A step as it stands in a definition"},
        "values": {"type": "object", "description": "Results by step id, and the payload as trigger"},
    },
    "required": ["step"],
    "additionalProperties": False,
}
TRIED: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "success": {"type": "boolean"},
        "result": {},
        "error": {},
        "log": {"type": ["object", "null"]},
        "outputSchema": {},
    },
    "required": ["success"],
}


def try_one(request: Request, services: Services) -> Answer:
    """Try a step. Raises: StepError, ApiError"""
    given = request.json()
    try:
        asked = TryEvent.model_validate(given)
    except ValidationError as error:
        raise errors.BadRequestError(*told(error, given, "body", TryEvent)) from error
    return Answer(
        200, services.trials.try_step(asked.step.model_dump(mode="json", by_alias=True), asked.values)
    )
