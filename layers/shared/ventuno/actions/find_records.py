"""FIND_RECORDS: find records by filters. Compiles to a Task; safe to retry because it only reads.

Fails closed: a filter that resolves to nothing is an error, never "every record".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from ventuno import errors
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_settings import ObjectName
from ventuno.filters.find import FilterField, FindScope, compile_find
from ventuno.filters.models import RecordFilter, RecordFilterGroup
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.finding import Found
    from ventuno.records.model.object_model import ObjectModel

DEFAULT_LIMIT = 200
MAX_LIMIT = 10_000
_PAGE = 200


def _refuse_order(order: dict[str, Any] | None) -> dict[str, Any] | None:
    if order and any(order.values()):
        raise ValueError("orderBy is not supported yet, records come oldest first; remove it")
    return order


class FindFilter(Wire):
    """`{recordFilters, recordFilterGroups?}`.

    Filters without a group are ANDed, `gqlOperationFilter` is ignored.
    """

    record_filters: tuple[RecordFilter, ...] = ()
    record_filter_groups: tuple[RecordFilterGroup, ...] = ()
    gql_operation_filter: Any = None


class FindRecordsSettings(Wire):
    """`{objectName, filter?, limit?, offset?}`; `limit` is 200 when left out and 10,000 at most."""

    object_name: ObjectName
    filter: FindFilter = FindFilter()
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] | str = DEFAULT_LIMIT
    offset: Annotated[int, Field(ge=0)] | str = 0
    order_by: Annotated[dict[str, Any] | None, AfterValidator(_refuse_order)] = None


class FindRecords(TaskAction[FindRecordsSettings]):
    """Result: `{first?, all, totalCount}`; `totalCount` counts all matches.

    Source: reference §3.6; decisions.
    """

    wire_type = "FIND_RECORDS"
    settings_type = FindRecordsSettings
    resolved_by_itself = frozenset({"filter"})

    def run(self, settings: FindRecordsSettings, call: StepCall) -> JsonValue:
        """Find the records. Raises: StepInputError, StoreUnavailableError"""
        scope = FindScope(filter_fields(call.objects, settings.object_name), call.values, call.now)
        condition = compile_find(settings.filter.record_filter_groups, settings.filter.record_filters, scope)
        offset, limit = _number("offset", settings.offset), _number("limit", settings.limit)
        found: list[JsonObject] = []
        total = 0
        for page in _pages(call, settings.object_name, condition, offset + limit):
            found += page.records
            total = page.total_count
        chosen: list[JsonValue] = [*found[offset : offset + limit]]
        return {**({"first": chosen[0]} if chosen else {}), "all": chosen, "totalCount": total}


def filter_fields(objects: ObjectModel, object_name: str) -> dict[str, FilterField]:
    """Map what a filter may call a field: own fields by name, those of every object as `object.field`."""
    every = {f"{kind.name}.{name}": field for kind in objects for name, field in kind.by_input_name.items()}
    named = every | dict(objects.get(object_name).by_input_name)
    return {name: FilterField(field.name, field.type.wire_name) for name, field in named.items()}


def _pages(call: StepCall, object_name: str, condition: Condition | None, wanted: int) -> Iterator[Found]:
    cursor: str | None = None
    while wanted > 0:
        page = call.records.find(object_name, condition, min(wanted, _PAGE), cursor)
        yield page
        wanted -= len(page.records)
        cursor = page.cursor
        if cursor is None:
            return


def _number(name: str, value: int | str) -> int:
    """Read a number that a variable may have given as text."""
    if isinstance(value, str) and not value.strip().isdecimal():
        raise errors.StepInputError(f'{name} must be a whole number, not "{value}"')
    number = int(value)
    if number > MAX_LIMIT:
        raise errors.StepInputError(f"{name} must be at most {MAX_LIMIT}")
    return number
