"""Objects and fields over the API; an object is addressed by either of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.records.custom.declaration import declaration_from
from ventuno.runtime.objects import apply_objects, find_object, object_view, object_views
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_TEXT: Final[JsonObject] = {"type": "string"}
_TEXTS: Final[JsonObject] = {"type": "array", "items": _TEXT}
_FLAG: Final[JsonObject] = {"type": "boolean"}
_LABELS: Final[dict[str, JsonObject]] = {"label": _TEXT, "description": _TEXT, "icon": _TEXT, "active": _FLAG}
_FIELD: Final[dict[str, JsonObject]] = {
    **_LABELS,
    "name": _TEXT,
    "type": {"type": "string", "description": "TEXT, NUMBER, SELECT and so on"},
    "options": {"type": "array", "items": {"description": "A text, or an object with a value"}},
    "default": {},
    "unique": _FLAG,
    "indexed": _FLAG,
    "target": {"type": "string", "description": "The object that a relation points at"},
    "inverse": {"type": "string", "description": "The relation's name on the other side"},
}
_OBJECT: Final[dict[str, JsonObject]] = {
    **_LABELS,
    "plural": _TEXT,
    "labelPlural": _TEXT,
    "fields": {
        "type": "array",
        "items": {"type": "object", "properties": dict(_FIELD), "required": ["name", "type"]},
    },
    "search": _TEXTS,
    "uniqueTogether": {"type": "array", "items": _TEXTS},
}
NEW_OBJECT: Final[JsonObject] = {
    "type": "object",
    "properties": {"name": _TEXT, **_OBJECT},
    "required": ["name", "plural"],
}
OBJECT: Final[JsonObject] = {"type": "object", "properties": {"name": _TEXT, **_OBJECT}}
NEW_FIELD: Final[JsonObject] = {
    "type": "object",
    "properties": {"object": _TEXT, **_FIELD},
    "required": ["object", "name", "type"],
}
FIELD: Final[JsonObject] = {"type": "object", "properties": dict(_FIELD)}
"""What is described; the reference's names, such as nameSingular and isUnique, are taken too."""


def list_objects(request: Request, services: Services) -> Answer:
    """Describe all objects. Raises: StepError, ApiError"""
    del request
    return Answer(200, {"data": {"objects": list(object_views(services))}})


def get_object(request: Request, services: Services) -> Answer:
    """Describe one object. Raises: StepError, ApiError"""
    return Answer(200, {"data": {"object": object_view(find_object(request.place["object"], services))}})


def create_object(request: Request, services: Services) -> Answer:
    """Add an object. Raises: StepError, ApiError"""
    body = request.fields()
    name = str(body.get("name", body.get("nameSingular")))
    if any(kind.name == name for kind in services.objects):
        raise errors.ConflictError(f"there is already an object {name[:100]}")
    return _applied(201, name, body, services)


def update_object(request: Request, services: Services) -> Answer:
    """Change an object, or add fields to it. Raises: StepError, ApiError"""
    kind = find_object(request.place["object"], services)
    return _applied(200, kind.name, _named(request.fields(), kind.name), services)


def delete_object(request: Request, services: Services) -> Answer:
    """Hide an object; its records stay, and come back with it. Raises: StepError, ApiError"""
    kind = find_object(request.place["object"], services)
    if not object_view(kind)["isCustom"]:
        raise errors.BadRequestError(f"{kind.name} is a standard object, which stays")
    apply_objects(declaration_from({"objects": [{"name": kind.name, "active": False}]}), services)
    return Answer(200, {"data": {"deleteObject": {"nameSingular": kind.name}}})


def create_field(request: Request, services: Services) -> Answer:
    """Add a field to the object that `object` names. Raises: StepError, ApiError"""
    body = request.fields()
    kind = find_object(str(body.pop("object", body.pop("objectMetadataId", ""))), services)
    if body.get("name") in kind.by_input_name:
        raise errors.ConflictError(f"{kind.name} has already a field {body['name']}")
    return _applied(201, kind.name, {"name": kind.name, "fields": [body]}, services)


def update_field(request: Request, services: Services) -> Answer:
    """Change a field. Raises: StepError, ApiError"""
    kind, name = find_object(request.place["object"], services), request.place["field"]
    there = kind.by_input_name.get(name)
    if there is None:
        raise errors.NotFoundError(kind.unknown_field(name[:100]))
    field: JsonObject = {"type": there.type.wire_name, **_named(request.fields(), there.name)}
    return _applied(200, kind.name, {"name": kind.name, "fields": [field]}, services)


def delete_field(request: Request, services: Services) -> Answer:
    """Hide a field; its values stay, and come back with it. Raises: StepError, ApiError"""
    kind, name = find_object(request.place["object"], services), request.place["field"]
    there = kind.by_input_name.get(name)
    if there is None:
        raise errors.NotFoundError(kind.unknown_field(name[:100]))
    field: JsonObject = {"name": there.name, "type": there.type.wire_name, "active": False}
    return _applied(200, kind.name, {"name": kind.name, "fields": [field]}, services)


def _named(body: JsonObject, name: str) -> JsonObject:
    """Name what the body changes. Raises: BadRequestError (the body gives it another name)"""
    if body.get("name", name) != name:
        raise errors.BadRequestError(f"{name} keeps its name; change its label, or add another one")
    return {**body, "name": name}


def _applied(status: int, name: str, declared: JsonValue, services: Services) -> Answer:
    apply_objects(declaration_from({"objects": [declared]}), services)
    return Answer(status, {"data": {"object": object_view(services.objects.get(name))}})
