"""The OpenAPI document of the record API, made of the object model and the table of routes.

Names of operations, parameters and schemas are those of Twenty's document, so that the clients made of either
one are alike. Source: reference §10.6
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno.records.json_schema import properties
from ventuno.records.merging import MOST_RECORDS
from ventuno.records.model.field import Access
from ventuno.runtime.rest import batch, duplicates
from ventuno.runtime.rest.answers import answer_schema
from ventuno.runtime.rest.parameters import DEFAULT_LIMIT, MAX_LIMIT
from ventuno.runtime.rest.route import capital

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.rest.route import Route

BASE: Final = "/rest"
_ID: Final[JsonObject] = {"type": "string", "format": "uuid"}
_PARAMETERS: Final[dict[str, tuple[JsonObject, str]]] = {
    "filter": (
        {"type": "string"},
        'Conditions, such as name[ilike]:"%acme%",or(stage[eq]:NEW,stage[is]:NULL)',
    ),
    "order_by": ({"type": "string"}, "Fields with directions, such as name[DescNullsLast],createdAt"),
    "limit": (
        {"type": "integer", "minimum": 0, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "How many at most",
    ),
    "starting_after": ({"type": "string"}, "A cursor: the page begins behind it"),
    "ending_before": ({"type": "string"}, "A cursor: the page ends in front of it"),
    "depth": ({"type": "integer", "enum": [0, 1], "default": 0}, "1 adds related records, at most 60 each"),
    "count": (
        {"type": "boolean", "default": True},
        "false leaves totalCount out; a page then costs no more than itself, and may be short of its limit",
    ),
    "explain": ({"type": "boolean", "default": False}, "Adds how the records were found and what it cost"),
    "upsert": ({"type": "boolean", "default": False}, "Update the record that has the unique values already"),
    "soft_delete": ({"type": "boolean", "default": False}, "Keep the record, so that it can be restored"),
    "group_by": ({"type": "string"}, 'A JSON list of fields, such as ["stage"]'),
    "aggregate": ({"type": "string"}, 'A JSON list of aggregates, such as ["totalCount"]'),
}
ERROR: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "statusCode": {"type": "integer"},
        "error": {"type": "string", "minLength": 1},
        "messages": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "code": {"type": "string", "minLength": 1},
    },
    "required": ["statusCode", "error", "messages", "code"],
}
REFUSED: Final[JsonObject] = {"$ref": "#/components/schemas/Error"}
REFUSALS: Final = {
    "400": "The request is wrong; the message names the field and the reason",
    "401": "No valid API key came with the request",
    "403": "The role of the key does not allow this",
    "404": "There is no such record or object",
    "409": "A unique value is taken, or the record changed meanwhile",
    "413": "The body is too large; the message names the limit",
    "415": "The body is of another type than the call takes",
    "429": "A limit on runs is reached; send it again later",
    "503": "The store refused the call for now; send it again",
}


def document(objects: ObjectModel, routes: Sequence[Route]) -> JsonObject:
    """Describe every route for every object."""
    paths: dict[str, JsonValue] = {}
    for kind in objects:
        for route in routes:
            path = re.sub(r"<(\w+)>", r"{\1}", route.path.replace("<plural>", kind.plural)).removeprefix(BASE)
            there = paths.get(path)
            paths[path] = {
                **(there if isinstance(there, dict) else {}),
                route.method.lower(): _call(kind, route),
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ventuno records", "version": "1"},
        "servers": [{"url": BASE}],
        "security": [{"bearerAuth": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
            "schemas": {**dict(_schemas(objects)), "Error": ERROR},
        },
    }


def _call(kind: ObjectType, route: Route) -> JsonObject:
    parameters: list[JsonValue] = [
        {"name": name, "in": "query", "schema": _PARAMETERS[name][0], "description": _PARAMETERS[name][1]}
        for name in route.parameters
    ]
    if "<id>" in route.path:
        parameters.append({"name": "id", "in": "path", "required": True, "schema": _ID})
    call: JsonObject = {
        "operationId": route.operation.format(Name=capital(kind.name), Plural=capital(kind.plural)),
        "tags": [kind.plural],
        "summary": route.summary.format(name=kind.name, plural=kind.plural),
        "parameters": parameters,
        "responses": {"201" if _creates(route) else "200": _done(kind, route), **refusals()},
    }
    body = _body(kind, route.body)
    return call | ({"requestBody": {"required": True, "content": json_content(body)}} if body else {})


def _creates(route: Route) -> bool:
    return route.body in {"create", "many"}


def _done(kind: ObjectType, route: Route) -> JsonObject:
    return {"description": "Done", "content": json_content(answer_schema(kind, route.answer))}


def _body(kind: ObjectType, form: str | None) -> JsonObject | None:
    one: JsonObject = {"$ref": f"#/components/schemas/{capital(kind.name)}"}
    match form:
        case "create":
            return one
        case "update":
            return {"$ref": f"#/components/schemas/{capital(kind.name)}ForUpdate"}
        case "many":
            return {"type": "array", "minItems": 1, "maxItems": batch.MAX_RECORDS, "items": one}
        case "merge":
            return {
                "type": "object",
                "properties": {
                    "ids": {"type": "array", "minItems": 2, "maxItems": MOST_RECORDS, "items": _ID},
                    "conflictPriorityIndex": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": MOST_RECORDS - 1,
                        "description": "The place in ids of the record whose values win",
                    },
                    "dryRun": {"type": "boolean", "default": False},
                },
                "additionalProperties": False,
                "required": ["ids", "conflictPriorityIndex"],
            }
        case "duplicates":
            return {
                "oneOf": [_only("data", one), _only("ids", _ID)],
            }
        case _:
            return None


def _only(name: str, items: JsonObject) -> JsonObject:
    """Describe a body that has one list and nothing else."""
    some: JsonObject = {"type": "array", "minItems": 1, "maxItems": duplicates.MAX_RECORDS, "items": items}
    return {
        "type": "object",
        "properties": {name: some},
        "required": [name],
        "additionalProperties": False,
    }


def refusals() -> JsonObject:
    """Describe what any call may be refused with."""
    error = json_content(REFUSED)
    return {status: {"description": text, "content": error} for status, text in REFUSALS.items()}


def json_content(schema: JsonObject) -> JsonObject:
    """Describe a body of JSON."""
    return {"application/json": {"schema": schema}}


def _schemas(objects: ObjectModel) -> Iterable[tuple[str, JsonObject]]:
    for kind in objects:
        every = {access for access in Access if access is not Access.SYSTEM}
        for suffix, accesses in (
            ("", every),
            ("ForUpdate", {Access.WRITABLE}),
            ("ForResponse", set(Access)),
        ):
            fields = [own for own in kind.fields if own.access in accesses]
            schema: JsonObject = {"type": "object", "properties": properties(fields)}
            if suffix != "ForResponse":
                schema["additionalProperties"] = False
            yield f"{capital(kind.name)}{suffix}", schema
