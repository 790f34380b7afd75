"""Functions of the workspace over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runtime.functions import (
    delete_function,
    function_lines,
    function_view,
    show_function,
    store_function,
)
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_TEXT: Final[JsonObject] = {"type": "string"}
_LINE: Final[dict[str, JsonObject]] = {"name": _TEXT, "version": {"type": "integer"}, "changedAt": _TEXT}
_PARTS: Final[dict[str, JsonObject]] = {
    "code": _TEXT,
    "description": _TEXT,
    "inputSchema": {"type": "object"},
    "outputSchema": {"type": "object"},
    "timeoutSeconds": {"type": "number", "minimum": 1, "maximum": 900},
}
DECLARATION: Final[JsonObject] = {
    "type": "object",
    "properties": dict(_PARTS),
    "required": ["code"],
    "additionalProperties": False,
}
FUNCTION: Final[JsonObject] = {
    "type": "object",
    "properties": {**_LINE, **_PARTS},
    "required": [*_LINE, "code"],
}
LISTED: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "functions": {
            "type": "array",
            "items": {"type": "object", "properties": dict(_LINE), "required": [*_LINE]},
        }
    },
    "required": ["functions"],
}
STORED: Final[JsonObject] = {
    "type": "object",
    "properties": {"function": FUNCTION, "changed": {"type": "boolean"}},
    "required": ["function", "changed"],
}
VERSION: Final[dict[str, JsonObject]] = {"version": {"type": "integer", "minimum": 1}}
_LONGEST_NUMBER: Final = 8


def list_functions(request: Request, services: Services) -> Answer:
    """List the functions. Raises: StepError, ApiError"""
    del request
    return Answer(200, {"functions": list(function_lines(services))})


def show(request: Request, services: Services) -> Answer:
    """Show a function. Raises: StepError, ApiError"""
    return Answer(200, show_function(request.place["name"], _number(request), services))


def store(request: Request, services: Services) -> Answer:
    """Store a function, as its next version if anything differs. Raises: StepError, ApiError"""
    function, changed = store_function(request.place["name"], request.json(), services)
    return Answer(200, {"function": function_view(function), "changed": changed})


def remove(request: Request, services: Services) -> Answer:
    """Delete a function. Raises: StepError, ApiError"""
    delete_function(request.place["name"], services)
    return Answer(200, {"deleted": request.place["name"]})


def _number(request: Request) -> int | None:
    text = request.query.get("version")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER or int(text) == 0:
        raise errors.BadRequestError("version must be the number of a version, from 1")
    return int(text)
