"""Find the records that look like others: the same unique value, or the same name. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.records.input import normalised
from ventuno.records.query import Query
from ventuno.runtime.rest.reading import page_info
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

MAX_RECORDS = 20
_NAMES = ("name", "title")


def duplicates(request: Request, services: Services) -> Answer:
    """Find duplicates of given `data`, or of the records with the given `ids`. Raises: StepError, ApiError"""
    kind = request.kind(services)
    answers: list[JsonValue] = []
    for record in _asked(kind, request, services):
        alike = _alike(kind, record)
        found = services.records.query(kind.name, Query(alike, limit=60)) if alike else None
        answers.append(
            {
                "totalCount": found.total_count if found else 0,
                "pageInfo": page_info(found) if found else {"hasNextPage": False},
                f"{kind.name}Duplicates": list(found.records) if found else [],
            }
        )
    return Answer(200, {"data": answers})


def _asked(kind: ObjectType, request: Request, services: Services) -> list[JsonObject]:
    body = request.fields()
    given = [(name, body[name]) for name in ("data", "ids") if body.get(name)]
    if len(given) != 1 or set(body) - {"data", "ids"}:
        raise errors.BadRequestError('the body must have either "data" or "ids", and nothing else')
    name, items = given[0]
    if not isinstance(items, list) or len(items) > MAX_RECORDS:
        raise errors.BadRequestError(f"{name} must be a list of at most {MAX_RECORDS} elements")
    if name == "ids":
        return [services.records.get(kind.name, _text(item)) for item in items]
    return [normalised(kind, _fields(item)) for item in items]


def _text(item: JsonValue) -> str:
    if not isinstance(item, str):
        raise errors.BadRequestError("ids must be a list of texts")
    return item


def _fields(item: JsonValue) -> JsonObject:
    if not isinstance(item, dict):
        raise errors.BadRequestError("data must be a list of objects")
    return item


def _alike(kind: ObjectType, record: JsonObject) -> Condition | None:
    """Return the condition of a duplicate: any of the signs, but not the record itself."""
    signs = tuple(sign for field in kind.fields if (sign := _sign(field, record)))
    if not signs:
        return None
    alike = signs[0] if len(signs) == 1 else Or(signs)
    own = record.get("id")
    return And((alike, Not(Comparison(("id",), Operator.EQ, own)))) if own else alike


def _sign(field: Field, record: JsonObject) -> Condition | None:
    if field.name == "id" or not (field.unique or field.name in _NAMES):
        return None
    equal = tuple(
        Comparison(path, Operator.EQ, value)
        for path, value in _parts(field, record.get(field.column))
        if value is not None
    )
    return And(equal) if equal else None


def _parts(field: Field, value: JsonValue) -> Iterator[tuple[tuple[str, ...], JsonValue]]:
    if not isinstance(value, dict):
        yield (field.column,), value
        return
    names = (field.type.unique_part,) if field.type.unique_part else field.type.sort_parts
    for name in names:
        yield (field.column, name), value.get(name)
