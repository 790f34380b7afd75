"""The order of a find: checked against the object, and turned into keys that Python can sort by.

Null is placed by the direction, never compared. Text is compared without regard to case, SELECT by the order
of its options. The id decides between equals, so every order is total and a cursor is one place in it.

Source: reference §10.6
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.select import SelectType
from ventuno.records.matching.evaluation import value_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.object_type import ObjectType


class Direction(StrEnum):
    """Which value comes first, and where records without a value stand."""

    ASC_NULLS_FIRST = "AscNullsFirst"
    ASC_NULLS_LAST = "AscNullsLast"
    DESC_NULLS_FIRST = "DescNullsFirst"
    DESC_NULLS_LAST = "DescNullsLast"

    @property
    def descending(self) -> bool:
        """Tell whether the largest value comes first."""
        return self in {Direction.DESC_NULLS_FIRST, Direction.DESC_NULLS_LAST}

    @property
    def nulls_first(self) -> bool:
        """Tell whether records without a value come first."""
        return self in {Direction.ASC_NULLS_FIRST, Direction.DESC_NULLS_FIRST}


@dataclass(frozen=True, slots=True)
class Sort:
    """One field to order by; `path` starts with the field's name."""

    path: tuple[str, ...]
    direction: Direction = Direction.ASC_NULLS_FIRST

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}[{self.direction}]"


class _Reversed:
    """A value that stands where its opposite would."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401  whatever can be compared
        self.value = value

    def __lt__(self, other: _Reversed) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class _Column:
    """One prepared sort: where its value lies in a record, and how it is compared."""

    path: tuple[str, ...]
    type: FieldType
    direction: Direction

    def key(self, value: JsonValue) -> tuple[int, Any]:
        """Return the value's place among others of the column."""
        if value is None:
            return (0 if self.direction.nulls_first else 2, 0)
        comparable = self._comparable(value)
        return (1, _Reversed(comparable) if self.direction.descending else comparable)

    def _comparable(self, value: JsonValue) -> Any:  # noqa: ANN401  whatever can be compared
        if isinstance(self.type, SelectType):
            options = self.type.options
            return options.index(str(value)) if value in options else len(options)
        return (value.casefold(), value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of an object's records."""

    columns: tuple[_Column, ...]
    name: str

    @property
    def natural(self) -> bool | None:
        """Tell whether stores keep the order: True as it is, False backward, None when they do not."""
        if not self.columns:
            return True
        if [column.path for column in self.columns] != [("createdAt",)]:
            return None
        return not self.columns[0].direction.descending

    @property
    def looked_at(self) -> set[str]:
        """Return the columns that the order compares."""
        return {column.path[0] for column in self.columns}

    def values(self, record: JsonObject) -> list[JsonValue]:
        """Return the values that give a record its place."""
        return [value_at(record, column.path) for column in self.columns]

    def key(self, values: Sequence[JsonValue], record_id: str) -> tuple[Any, ...]:
        """Return the sort key of a place."""
        return (
            *(column.key(value) for column, value in zip(self.columns, values, strict=True)),
            record_id,
        )

    def key_of(self, record: JsonObject) -> tuple[Any, ...]:
        """Return the sort key of a record."""
        return self.key(self.values(record), str(record["id"]))

    def fits(self, values: Sequence[JsonValue]) -> bool:
        """Tell whether these can be the values of a record's place, as a cursor claims."""
        return len(values) == len(self.columns) and all(
            value is None or _same_kind(column.type, value)
            for column, value in zip(self.columns, values, strict=True)
        )


def prepared_order(kind: ObjectType, sorts: Sequence[Sort]) -> Ordering:
    """Check an order against an object; the sorts behind one by id are superfluous and left out.

    Raises: RecordInputError
    """
    columns: list[_Column] = []
    for sort in sorts:
        columns += _columns(kind, sort)
        if sort.path == ("id",):
            break
    return Ordering(tuple(columns), ",".join(str(sort) for sort in sorts))


def _columns(kind: ObjectType, sort: Sort) -> list[_Column]:
    name, *rest = sort.path or ("",)
    field = kind.by_input_name.get(name)
    if field is None:
        raise _refused(f"{kind.unknown_field(name)}, so it cannot be ordered by")
    if field.is_relation and (rest or name != field.column):
        raise _refused(f"order_by cannot look through the relation {name}: order by {field.column}")
    parts = tuple(rest) or field.type.sort_parts
    if not parts and field.type.sortable:
        return [_Column((field.column,), field.type, sort.direction)]
    if not parts or len(rest) > 1:
        raise _refused(_no_order(sort, field.type))
    return [_part(sort, field.type, part) for part in parts]


def _part(sort: Sort, whole: FieldType, name: str) -> _Column:
    part = whole.part(name)
    if part is None or not part.sortable:
        raise _refused(_no_order(sort, whole))
    return _Column((sort.path[0], name), part, sort.direction)


def _no_order(sort: Sort, whole: FieldType) -> str:
    parts = [f"{sort.path[0]}.{name}" for name in whole.part_names if _sortable(whole.part(name))]
    instead = f"; order by one of {', '.join(parts)}" if parts else ""
    return f"{'.'.join(sort.path)} has no order, its type is {whole.wire_name}{instead}"


def _sortable(part: FieldType | None) -> bool:
    return part is not None and part.sortable


def _same_kind(field_type: FieldType, value: JsonValue) -> bool:
    if isinstance(field_type, NumberType):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if isinstance(field_type, BooleanType) else str)


def _refused(message: str) -> errors.RecordInputError:
    return errors.RecordInputError(message, field="order_by")
