"""The OpenAPI document of all calls that are not of the record API.

They stand in a document of their own, because an object may have the name of any of these addresses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno.runtime.rest.files import BYTES
from ventuno.runtime.rest.openapi import ERROR, REFUSALS, REFUSED, json_content, refusals
from ventuno.runtime.rest.route import JSON, PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.rest.route import Route

_PLACE: Final = re.compile(r"<(\w+)>")
_ANYTHING: Final[JsonObject] = {"type": "object"}
_FORM: Final = "application/x-www-form-urlencoded"


def management_document(routes: Sequence[Route]) -> JsonObject:
    """Describe the calls."""
    paths: dict[str, dict[str, JsonValue]] = {}
    for route in routes:
        path = _PLACE.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _call(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ventuno management", "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{"bearerAuth": []}],
        "paths": {path: dict(calls) for path, calls in paths.items()},
        "components": {
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": ERROR},
        },
    }


def _call(route: Route) -> JsonObject:
    done: JsonObject = {"description": "Done", "content": _content(route)}
    call: JsonObject = {
        "operationId": route.operation or _camel(route.work.__name__),
        "summary": route.summary,
        "description": f"Role: {route.role.value}." if route.role else "Open to everybody.",
        "parameters": _parameters(route),
        "responses": {"2XX": done, **_refusals(route)},
    }
    if route.role is None:
        call["security"] = []
    if route.takes is not None:
        content: JsonObject = {_FORM if route.answer == PAGE else JSON: {"schema": route.takes}}
        call["requestBody"] = {"required": "required" in route.takes, "content": content}
    return call


def _refusals(route: Route) -> JsonObject:
    """Describe refusals; those of a page are pages, unless the address cannot be that of a page."""
    if route.answer != PAGE:
        return refusals()
    content = {**_content(route), **json_content(REFUSED)}
    return {status: {"description": text, "content": content} for status, text in REFUSALS.items()}


def _content(route: Route) -> JsonObject:
    if route.answer == PAGE:
        return {PAGE: {"schema": {"type": "string"}}}
    if route.answer == BYTES:
        return {"*/*": {}}
    return json_content(route.gives or _ANYTHING)


def _parameters(route: Route) -> list[JsonValue]:
    places = _PLACE.findall(route.path)
    path: list[JsonValue] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in places
    ]
    query: list[JsonValue] = [
        {"name": name, "in": "query", "schema": schema} for name, schema in route.asks.items()
    ]
    return path + query


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
