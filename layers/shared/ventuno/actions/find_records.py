"""FIND_RECORDS: find records by filters. Compiles to a Task; safe to retry because it only reads.

Fails closed: a filter that resolves to nothing is an error, never "every record".
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.group_checks import RECORD_FILTERS, group_findings
from ventuno.actions.record_checks import CODE, object_findings
from ventuno.actions.record_filter_checks import record_filter_findings
from ventuno.actions.record_order import RecordOrder, order_findings
from ventuno.actions.record_settings import ObjectName
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING
from ventuno.expressions.showing import shown
from ventuno.filters.find import FilterField, FindScope, compile_find
from ventuno.filters.models import RecordFilter, RecordFilterGroup
from ventuno.records.fields.relation import RelationType
from ventuno.records.query import Query
from ventuno.records.search import VECTOR
from ventuno.schemas import NUMBER, Array, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonValue
    from ventuno.records.model.field import Field as RecordField
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.schemas import Schema

DEFAULT_LIMIT = 200
MAX_LIMIT = 10_000
_WHOLE = re.compile("[0-9]{1,9}")


class FindFilter(Wire):
    """`{recordFilters, recordFilterGroups?}`.

    Filters without a group are ANDed, `gqlOperationFilter` is ignored.
    """

    record_filters: tuple[RecordFilter, ...] = ()
    record_filter_groups: tuple[RecordFilterGroup, ...] = ()
    gql_operation_filter: Any = None


class FindRecordsSettings(Wire):
    """`{objectName, filter?, orderBy?, limit?, offset?}`; `limit` is 200 when left out and 10,000 at most."""

    object_name: ObjectName
    filter: FindFilter = FindFilter()
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] | str = DEFAULT_LIMIT
    offset: Annotated[int, Field(ge=0)] | str = 0
    order_by: RecordOrder = RecordOrder()


class FindRecords(TaskAction[FindRecordsSettings]):
    """Result: `{first?, all, totalCount}`; `totalCount` counts all matches.

    Source: reference §3.6; decisions.
    """

    wire_type = "FIND_RECORDS"
    settings_type = FindRecordsSettings
    resolved_by_itself = frozenset({"filter"})
    only_reads = True
    about = About(
        settings={
            "objectName": "The object's singular name.",
            "filter": "`{recordFilters, recordFilterGroups?}`; see [filters](filters.md).",
            "limit": "How many records at most, up to 10,000.",
            "offset": "How many of the first matches are left out.",
            "orderBy": "`{gqlOperationOrderBy: [{createdAt: DescNullsLast}]}`, or the sorts of the page.",
        },
        result="`first` is missing when nothing matches; `totalCount` counts all matches whatever the limit.",
        errors={
            errors.StepInputError: "a filter resolves to nothing, or a limit is no number",
            errors.QueryBudgetError: "the search would read more than it may; the message says what to index",
        },
        examples=(
            Example(
                "Whether a company is known",
                {
                    "objectName": "company",
                    "limit": 1,
                    "filter": {
                        "recordFilters": [
                            {"fieldMetadataId": "name", "operand": "CONTAINS", "value": "{{trigger.company}}"}
                        ]
                    },
                },
                {"all": [], "totalCount": 0},
            ),
        ),
    )

    def output_schema(self, settings: FindRecordsSettings, scope: StepScope) -> Schema:
        """Return the schema of the records found."""
        record = scope.record(settings.object_name)
        return Object({"first": record, "all": Array(record), "totalCount": NUMBER})

    def check(self, settings: FindRecordsSettings, scope: StepScope) -> Iterator[Finding]:
        """Find an object or fields that do not exist, and operands that a field does not have."""
        asked = settings.filter
        groups = [each.group for each in asked.record_filter_groups]
        members = [each.record_filter_group_id for each in asked.record_filters]
        yield from object_findings(settings.object_name, scope.objects)
        yield from group_findings(groups, members, RECORD_FILTERS)
        yield from _page_findings(settings)
        kind = scope.objects.kind(settings.object_name)
        if kind:
            fields = filter_fields(scope.objects.model, settings.object_name)
            yield from record_filter_findings(asked.record_filters, fields, scope.objects.model, kind)
            yield from order_findings(kind, settings.order_by)

    def run(self, settings: FindRecordsSettings, call: StepCall) -> JsonValue:
        """Find the records. Raises: StepInputError, QueryBudgetError, StoreUnavailableError"""
        scope = FindScope(filter_fields(call.objects, settings.object_name), call.values, call.now)
        condition = compile_find(settings.filter.record_filter_groups, settings.filter.record_filters, scope)
        offset, limit = _number("offset", settings.offset, 0), _number("limit", settings.limit, 1)
        query = Query(condition, settings.order_by.sorts, offset + limit)
        found = call.records.query(settings.object_name, query)
        chosen: list[JsonValue] = [*found.records[offset:]]
        return {**({"first": chosen[0]} if chosen else {}), "all": chosen, "totalCount": found.total_count}


def filter_fields(objects: ObjectModel, object_name: str) -> dict[str, FilterField]:
    """Map what a filter may call a field of an object, and the search: `field` or `object.field`."""
    return _fields(objects, object_name) | {VECTOR: FilterField(VECTOR, "TS_VECTOR")}


def _fields(objects: ObjectModel, object_name: str) -> dict[str, FilterField]:
    named = objects.get(object_name).by_input_name
    fields = {name: _filter_field(objects, field) for name, field in named.items()}
    return fields | {f"{object_name}.{name}": field for name, field in fields.items()}


def _filter_field(objects: ObjectModel, field: RecordField) -> FilterField:
    if isinstance(field.type, RelationType):  # so is each target of a morph relation
        return FilterField(field.name, "RELATION", partial(_fields, objects, field.type.target))
    return FilterField(field.name, field.type.wire_name)


def _page_findings(settings: FindRecordsSettings) -> Iterator[Finding]:
    for name, value, least in (("limit", settings.limit, 1), ("offset", settings.offset, 0)):
        if isinstance(value, str) and OPENING not in value:
            try:
                _number(name, value, least)
            except errors.StepInputError as exc:
                yield Finding(CODE, f".{name}", str(exc))


def _number(name: str, value: int | str, least: int) -> int:
    """Read a number that a variable may have given as text."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
        raise errors.StepInputError(f'{name} must be a whole number, not "{shown(value)}"')
    number = int(value)
    if not least <= number <= MAX_LIMIT:
        raise errors.StepInputError(f"{name} must be from {least} to {MAX_LIMIT}")
    return number
