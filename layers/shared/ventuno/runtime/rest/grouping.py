"""Group records by fields and count them, or sum up, average and bound their numbers. Source: reference §10.6

`group_by` is a JSON list of fields, such as `["stage"]` or `[{"createdBy": {"source": true}}]`;
`aggregate` is a JSON list of names, such as `["totalCount", "sumAmountAmountMicros"]`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ventuno import errors, strict_json
from ventuno.records.fields.number import NumberType
from ventuno.records.matching.evaluation import value_at
from ventuno.records.ordering import Sort, prepared_order
from ventuno.runtime.rest.parameters import BUDGET, filter_of
from ventuno.runtime.rest.route import Answer, capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

PARAMETERS = ("group_by", "aggregate", "filter")
MAX_DIMENSIONS: Final = 3
MAX_GROUPS: Final = 1_000
_DEEPEST: Final = 2
_TOTAL: Final = "totalCount"

_OPERATIONS: Final[dict[str, Callable[[list[float]], float]]] = {
    "sum": sum,
    "avg": lambda numbers: sum(numbers) / len(numbers),
    "min": min,
    "max": max,
}


@dataclass(slots=True)
class _Group:
    """The records of one combination of values: how many, and the numbers of each aggregate's field."""

    values: list[JsonValue]
    count: int = 0
    numbers: dict[tuple[str, ...], list[float]] = field(default_factory=dict)


def group_by(request: Request, services: Services) -> Answer:
    """Group the records that meet a filter. Raises: StepError, ApiError"""
    kind = request.kind(services)
    dimensions = _dimensions(kind, request.query.get("group_by", ""))
    aggregates = _aggregates(kind, request.query.get("aggregate", "") or f'["{_TOTAL}"]')
    groups: dict[str, _Group] = {}
    paths = {path for _, path in aggregates.values() if path}
    columns = {path[0] for path in (*dimensions, *paths)}
    for record in services.records.each(kind.name, filter_of(request.query), columns, BUDGET):
        _add(groups, record, dimensions, paths)
    return Answer(200, [_shown(group, aggregates) for group in groups.values()])


def _add(
    groups: dict[str, _Group],
    record: JsonObject,
    dimensions: list[tuple[str, ...]],
    paths: set[tuple[str, ...]],
) -> None:
    values = [value_at(record, path) for path in dimensions]
    group = groups.setdefault(json.dumps(values), _Group(values))
    if len(groups) > MAX_GROUPS:
        raise errors.BadRequestError(
            f"group_by makes more than {MAX_GROUPS:,} groups: add a filter, or group by less"
        )
    group.count += 1
    for path in paths:
        number = value_at(record, path)
        if isinstance(number, int | float):
            group.numbers.setdefault(path, []).append(number)


def _shown(group: _Group, aggregates: dict[str, tuple[str, tuple[str, ...]]]) -> JsonObject:
    shown: JsonObject = {"groupByDimensionValues": group.values}
    for name, (operation, path) in aggregates.items():
        numbers = group.numbers.get(path, [])
        if not path:
            shown[name] = group.count
        else:
            shown[name] = _OPERATIONS[operation](numbers) if numbers else None
    return shown


def _dimensions(kind: ObjectType, text: str) -> list[tuple[str, ...]]:
    paths = [path for item in _list("group_by", text) for path in _paths(item, ())]
    if not 1 <= len(paths) <= MAX_DIMENSIONS:
        raise errors.BadRequestError(f"group_by must name 1 to {MAX_DIMENSIONS} fields")
    for path in paths:
        prepared_order(kind, [Sort(path)])  # what has no order has no groups either
    return [(kind.by_input_name[path[0]].column, *path[1:]) for path in paths]


def _paths(item: JsonValue, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(item, str) and not path:
        yield tuple(item.split("."))
    elif isinstance(item, dict) and len(path) < _DEEPEST:
        for name, member in item.items():
            yield from _paths(member, (*path, name))
    elif item is True and path:
        yield path
    else:
        raise errors.BadRequestError('group_by must be like ["stage"] or [{"stage": true}]')


def _aggregates(kind: ObjectType, text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    known = {_TOTAL: ("count", ())} | {
        f"{operation}{''.join(capital(name) for name in path)}": (operation, path)
        for path in _number_paths(kind)
        for operation in _OPERATIONS
    }
    asked: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name in _list("aggregate", text):
        if not isinstance(name, str) or name not in known:
            raise errors.BadRequestError(
                f"aggregate has {str(name)[:100]!r}; {kind.name} has {', '.join(known)}"
            )
        asked[name] = known[name]
    return asked


def _number_paths(kind: ObjectType) -> Iterator[tuple[str, ...]]:
    for own in kind.fields:
        if isinstance(own.type, NumberType):
            yield (own.column,)
        for name in own.type.part_names:
            if isinstance(own.type.part(name), NumberType):
                yield (own.column, name)


def _list(name: str, text: str) -> list[JsonValue]:
    try:
        value = strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f'{name} must be a JSON list, such as ["stage"]: {error}') from error
    if not isinstance(value, list):
        raise errors.BadRequestError(f'{name} must be a JSON list, such as ["stage"]')
    return value
