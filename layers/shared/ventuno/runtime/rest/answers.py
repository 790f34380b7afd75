"""The schemas of what the record calls answer. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.runtime.rest.route import capital

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType

_CURSOR: Final[JsonObject] = {"type": ["string", "null"]}
_PAGE_INFO: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "hasNextPage": {"type": "boolean"},
        "hasPreviousPage": {"type": "boolean"},
        "startCursor": _CURSOR,
        "endCursor": _CURSOR,
    },
    "required": ["hasNextPage"],
}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}


def answer_schema(kind: ObjectType, form: str) -> JsonObject:
    """Return the schema of an answer: one of `list`, `groups`, `duplicates`, `get` and what a write did."""
    return _FORMS[form](kind) if form in _FORMS else _one(kind, f"{form}{capital(kind.name)}")


def _record(kind: ObjectType) -> JsonObject:
    return {"$ref": f"#/components/schemas/{capital(kind.name)}ForResponse"}


def _records(kind: ObjectType) -> JsonObject:
    return {"type": "array", "items": _record(kind)}


def _data(name: str, schema: JsonObject) -> JsonObject:
    data: JsonObject = {"type": "object", "properties": {name: schema}, "required": [name]}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _one(kind: ObjectType, name: str) -> JsonObject:
    return _data(name, _record(kind))


def _list(kind: ObjectType) -> JsonObject:
    listed = _data(kind.plural, _records(kind))
    properties = listed["properties"] if isinstance(listed["properties"], dict) else {}
    return {
        "type": "object",
        "properties": {**properties, "pageInfo": _PAGE_INFO, "totalCount": _COUNT},
        "required": ["data", "pageInfo"],
    }


def _duplicates(kind: ObjectType) -> JsonObject:
    found: JsonObject = {
        "type": "object",
        "properties": {
            "totalCount": _COUNT,
            "pageInfo": _PAGE_INFO,
            f"{kind.name}Duplicates": _records(kind),
        },
    }
    return {"type": "object", "properties": {"data": {"type": "array", "items": found}}}


def _groups(kind: ObjectType) -> JsonObject:
    del kind
    group: JsonObject = {
        "type": "object",
        "properties": {"groupByDimensionValues": {"type": "array"}},
        "required": ["groupByDimensionValues"],
    }
    return {"type": "array", "items": group}


_FORMS: Final[Mapping[str, Callable[[ObjectType], JsonObject]]] = {
    "list": _list,
    "get": lambda kind: _one(kind, kind.name),
    "createMany": lambda kind: _data(f"create{capital(kind.plural)}", _records(kind)),
    "merge": lambda kind: _one(kind, f"merge{capital(kind.plural)}"),
    "duplicates": _duplicates,
    "groups": _groups,
}
