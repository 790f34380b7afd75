"""The `orderBy` of FIND_RECORDS: the query's own form if there is one, else the sorts the page keeps.

Source: reference §3.6, §10.6, §10.7
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from ventuno import errors
from ventuno.actions.record_checks import CODE
from ventuno.definition.findings import Finding
from ventuno.records.ordering import Direction, Sort, prepared_order
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.records.model.object_type import ObjectType

_DEEPEST = 3  # a field, its part, and the direction


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class RecordSort(Wire):
    """One sort of the page. `fieldMetadataId` names the field by its name."""

    field_metadata_id: str
    direction: Annotated[Literal["asc", "desc"], BeforeValidator(_lower)] = "asc"
    id: str | None = None
    label: str | None = None

    @property
    def sort(self) -> Sort:
        """Return the sort as the page orders it: records without a value first, or last when descending."""
        ascending = self.direction == "asc"
        direction = Direction.ASC_NULLS_FIRST if ascending else Direction.DESC_NULLS_LAST
        return Sort(tuple(self.field_metadata_id.split(".")), direction)


def _sorts(value: object) -> tuple[Sort, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError('must be a list, such as [{"createdAt": "DescNullsLast"}]')  # noqa: TRY004 - pydantic collects ValueErrors
    return tuple(sort for item in value for sort in _read(item, ()))


def _read(value: object, path: tuple[str, ...]) -> Iterator[Sort]:
    if isinstance(value, dict) and len(path) < _DEEPEST:
        for name, member in value.items():
            yield from _read(member, (*path, str(name)))
        return
    if not isinstance(value, str) or value not in set(Direction) or not path:
        raise ValueError(f"{'.'.join(path) or 'an element'} must be ordered by one of {', '.join(Direction)}")
    yield Sort(path, Direction(value))


class RecordOrder(Wire):
    """`{recordSorts?, gqlOperationOrderBy?: [{field: direction} or {field: {part: direction}}]}`."""

    record_sorts: tuple[RecordSort, ...] = ()
    gql_operation_order_by: Annotated[Any, BeforeValidator(_sorts)] = ()

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """Return the sorts to find by."""
        return tuple(self.gql_operation_order_by) or tuple(sort.sort for sort in self.record_sorts)


def order_findings(kind: ObjectType, order: RecordOrder) -> Iterator[Finding]:
    """Find fields that do not exist or have no order."""
    try:
        prepared_order(kind, order.sorts)
    except errors.RecordInputError as exc:
        yield Finding(CODE, ".orderBy", str(exc))
