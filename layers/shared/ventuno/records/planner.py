"""The narrowest way to the records that meet a condition: id, unique values, an index, or the whole object.

A way is taken only for comparisons that must all hold, so what it leads to is a superset of the answer;
what the way does not prove is left as a residual condition, to be checked record by record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from ventuno.filters.condition import And, Comparison
from ventuno.records import layout
from ventuno.records.fields.base import FieldValueError
from ventuno.records.matching.preparation import comparisons
from ventuno.records.ranges import Span, between, exactly
from ventuno.records.search import VECTOR, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType, UniqueGroup
    from ventuno.records.store import RowKey

SHORTEST = 2  # letters of a word that has token rows to be found by
_MOST_VALUES = 100  # of one `in`; more of them are cheaper to check than to look up


@dataclass(frozen=True, slots=True)
class ById:
    """Read these records."""

    name: ClassVar[str] = "ID"

    keys: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class ByUnique:
    """Read the records that these unique rows point to."""

    name: ClassVar[str] = "UNIQUE"

    keys: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class ByIndex:
    """Read the records that the rows of these partitions point to; live ones only."""

    name: ClassVar[str] = "INDEX"

    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Read all records of the object."""

    name: ClassVar[str] = "SCAN"

    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByRange:
    """Read the records whose values lie in these stretches of an ordered partition; live ones only."""

    name: ClassVar[str] = "INDEX"

    partition: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BySearch(ByRange):
    """Read the records that have a word that begins so, in one partition of token rows; live ones only."""

    name: ClassVar[str] = "SEARCH"


Way: TypeAlias = ById | ByUnique | ByIndex | ByRange | Listing


@dataclass(frozen=True, slots=True)
class FindPlan:
    """How to find records: the way to candidates, and the condition that each still has to meet.

    `created_between` are bounds of `layout.list_position`, within which a way with partitions is read.
    """

    way: Way
    residual: Condition | None
    with_deleted: bool
    created_between: tuple[str | None, str | None] = (None, None)

    @property
    def scanned(self) -> bool:
        """Tell whether the work grows with the number of records of the object."""
        return isinstance(self.way, Listing)


def plan_find(kind: ObjectType, condition: Condition | None) -> FindPlan:
    """Plan a find by a prepared condition.

    Deleted records are left out unless the condition speaks of `deletedAt`.
    """
    if condition is None:
        return FindPlan(Listing(layout.list_partitions(kind, deleted=False)), None, with_deleted=False)
    with_deleted = any(comparison.path == ("deletedAt",) for comparison in comparisons(condition))
    needed = list(_conjuncts(condition))
    direct = _by_id(kind, needed) or _by_unique(kind, needed)
    if direct:
        return FindPlan(direct, condition, with_deleted)
    narrow = None if with_deleted else _narrow(kind, needed)
    way, *proven = narrow or (Listing(_listed(kind, with_deleted=with_deleted)),)
    if isinstance(way, ByRange):
        return FindPlan(way, _without(needed, proven), with_deleted)
    created, ranges = between(needed, "createdAt", lambda value: value if isinstance(value, str) else None)
    return FindPlan(way, _without(needed, [*proven, *ranges]), with_deleted, created)


def _narrow(kind: ObjectType, needed: list[Condition]) -> tuple[Way, *tuple[Condition, ...]] | None:
    """Return a way to live records only, and the conditions that it proves."""
    return _by_index(kind, needed) or _by_range(kind, needed) or _by_search(kind, needed)


def _listed(kind: ObjectType, *, with_deleted: bool) -> tuple[str, ...]:
    live = layout.list_partitions(kind, deleted=False)
    return (*live, *layout.list_partitions(kind, deleted=True)) if with_deleted else live


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, And):
        for member in condition.conditions:
            yield from _conjuncts(member)
    else:
        yield condition


def _without(needed: list[Condition], proven: list[Condition]) -> Condition | None:
    rest = tuple(member for member in needed if not any(member is one for one in proven))
    return And(rest) if rest else None


def _by_id(kind: ObjectType, needed: list[Condition]) -> ById | None:
    for comparison in _lookups(needed):
        if comparison.path == ("id",):
            values = _values(kind.by_column["id"].type, comparison)
            return (
                None
                if values is None
                else ById(tuple(layout.record_key(kind, str(value)) for value in values))
            )
    return None


def _by_unique(kind: ObjectType, needed: list[Condition]) -> ByUnique | None:
    by_path = {comparison.path: comparison for comparison in _lookups(needed)}
    for group in kind.unique_groups:
        keys = _unique_keys(kind, group, by_path)
        if keys is not None:
            return ByUnique(keys)
    return None


def _unique_keys(
    kind: ObjectType, group: UniqueGroup, by_path: Mapping[tuple[str, ...], Comparison]
) -> tuple[RowKey, ...] | None:
    choices: list[JsonObject] = [{}]
    for field in group.fields:
        path, field_type = _unique_part(field)
        values = _values(field_type, by_path[path]) if path in by_path else None
        if values is None or len(choices) * len(values) > _MOST_VALUES:
            return None
        choices = [choice | {field.column: _whole(field, value)} for choice in choices for value in values]
    keys = (layout.unique_key(kind, group, choice) for choice in choices)
    return tuple(key for key in keys if key)


def _unique_part(field: Field) -> tuple[tuple[str, ...], FieldType]:
    name = field.type.unique_part
    part = field.type.part(name) if name else None
    return ((field.column, name), part) if name and part else ((field.column,), field.type)


def _whole(field: Field, value: JsonValue) -> JsonValue:
    return {field.type.unique_part: value} if field.type.unique_part else value


def _by_index(kind: ObjectType, needed: list[Condition]) -> tuple[ByIndex, Condition] | None:
    unordered = (field for field in kind.indexed_fields if not field.type.ordered)
    fields: dict[tuple[str, ...], Field] = {(field.column,): field for field in unordered}
    for comparison in _lookups(needed):
        field = fields.get(comparison.path)
        values = _values(field.type, comparison) if field else None
        if field is not None and values is not None:
            texts = (field.type.key_text(value) for value in values)
            return ByIndex(
                tuple(layout.index_partition(kind, field.column, text) for text in texts if text)
            ), comparison
    return None


def _by_range(kind: ObjectType, needed: list[Condition]) -> tuple[ByRange, *tuple[Condition, ...]] | None:
    for field in kind.indexed_fields:
        if not field.type.ordered:
            continue
        partition = layout.range_partition(kind, field.column)
        for comparison in _lookups(needed):
            values = _values(field.type, comparison) if comparison.path == (field.column,) else None
            if values is not None:
                return ByRange(
                    partition, tuple(exactly(field.type.order_text(value)) for value in values)
                ), comparison
        span, proven = between(needed, field.column, partial(_order_text, field.type))
        if proven:
            return ByRange(partition, (span,)), *proven
    return None


def _order_text(field_type: FieldType, value: JsonValue) -> str | None:
    return field_type.order_text(value) if _possible(field_type, value) else None


def _by_search(kind: ObjectType, needed: list[Condition]) -> tuple[BySearch] | None:
    """Take the longest word, which leads to the fewest records; one letter leads to too many partitions."""
    words = [
        word
        for member in needed
        if isinstance(member, Comparison) and member.path == (VECTOR,)
        for word in words_of(str(member.value))
    ]
    longest = max(words, key=len, default="")
    if len(longest) < SHORTEST:
        return None
    return (BySearch(layout.token_partition(kind, longest), (layout.token_bounds(longest),)),)


def _lookups(needed: list[Condition]) -> Iterator[Comparison]:
    for condition in needed:
        if isinstance(condition, Comparison) and condition.operator in {"eq", "in"}:
            yield condition


def _values(field_type: FieldType, comparison: Comparison) -> tuple[JsonValue, ...] | None:
    """Return the values that rows may be looked up by, or None when a lookup could miss some."""
    operand = comparison.value
    items = operand if isinstance(operand, list | tuple) else [operand]
    if len(items) > _MOST_VALUES or "" in items:
        return None
    return tuple({str(item): item for item in items if _possible(field_type, item)}.values())


def _possible(field_type: FieldType, item: JsonValue) -> bool:
    try:
        return item is not None and field_type.normalise(item) == item
    except FieldValueError:
        return False
