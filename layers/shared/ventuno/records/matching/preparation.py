"""A condition checked against the object model, with its operands spelt as stored values are.

Everything unknown is an error here, so that a mistyped filter never finds more than was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.filters.condition import And, Comparison, Not, Operator, Or
from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.relation import RelationType
from ventuno.records.matching.evaluation import TextComparison
from ventuno.records.matching.operators import (
    LIST_OPERATORS,
    OPERATORS,
    TEXT_OPERATORS,
    VALUE_OPERATORS,
)
from ventuno.records.search import VECTOR, words_of
from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonValue
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType


_OF_FIELDS = tuple(name for name in OPERATORS if name != Operator.SEARCH)


@dataclass(frozen=True, slots=True)
class Preparation:
    """Prepares conditions on one object."""

    objects: ObjectModel
    kind: ObjectType

    def prepared(self, condition: Condition) -> Condition:
        """Return the condition ready to be planned and evaluated.

        Raises: RecordInputError
        """
        match condition:
            case Comparison():
                return self._comparison(condition)
            case And(conditions):
                return And(tuple(self.prepared(member) for member in conditions))
            case Or(conditions):
                return Or(tuple(self.prepared(member) for member in conditions))
            case Not(negated):
                return Not(self.prepared(negated))

    def _comparison(self, comparison: Comparison) -> Comparison:
        if comparison.path == (VECTOR,):
            return self._search(comparison)
        path, field_type = self._resolved(comparison.path)
        try:
            _check_operand(comparison)
            value = _spelt(field_type, comparison)
        except FieldValueError as exc:
            name = ".".join(comparison.path)
            raise errors.RecordInputError(f"The filter on {name} {exc}", field=name) from exc
        kind = TextComparison if field_type.textual else Comparison
        return kind(path, comparison.operator, value)

    def _search(self, comparison: Comparison) -> Comparison:
        if comparison.operator != Operator.SEARCH or not isinstance(comparison.value, str):
            raise errors.RecordInputError(f"{VECTOR} can only be searched, for a text", field=VECTOR)
        if not self.kind.search:
            raise errors.RecordInputError(f"{self.kind.name} has no search fields", field=VECTOR)
        if not words_of(comparison.value):
            raise errors.RecordInputError(f"The search of {self.kind.name} has no word", field=VECTOR)
        return comparison

    def _resolved(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], FieldType]:
        name, *rest = path or ("",)
        field = self.kind.by_input_name.get(name)
        if field is None:
            raise errors.RecordInputError(
                f"{self.kind.unknown_field(name)}, so it cannot be filtered on", field=name
            )
        if isinstance(field.type, RelationType) and name != field.column and rest not in ([], ["id"]):
            return self._through(name, field.type, tuple(rest))
        if field.is_relation:
            return (field.column,), field.type
        return self._part(name, rest, field.type)

    def _through(
        self, name: str, relation: RelationType, rest: tuple[str, ...]
    ) -> tuple[tuple[str, ...], FieldType]:
        target = Preparation(self.objects, self.objects.get(relation.target))
        path, field_type = target._resolved(rest)
        if path[0] not in target.kind.by_column:
            dotted = ".".join((name, *rest))
            raise errors.RecordInputError(
                f"A filter can look through one relation, not two: {dotted}", field=dotted
            )
        return (name, *path), field_type

    def _part(self, name: str, rest: list[str], whole: FieldType) -> tuple[tuple[str, ...], FieldType]:
        if not rest:
            return (name,), whole
        part = whole.part(rest[0])
        if part is None or len(rest) > 1:
            dotted = ".".join((name, *rest))
            raise errors.RecordInputError(
                f"{dotted} is not a field of {self.kind.name}{meant(rest[0], whole.part_names)}",
                field=dotted,
            )
        return (name, rest[0]), part


def relations_of(kind: ObjectType, condition: Condition | None) -> tuple[Field, ...]:
    """Return the relations of a prepared condition through which it looks at other records."""
    names = {comparison.path[0] for comparison in comparisons(condition)} if condition else set()
    return tuple(
        kind.by_input_name[name] for name in sorted(names) if name not in kind.by_column and name != VECTOR
    )


def columns_of(kind: ObjectType, condition: Condition | None) -> set[str]:
    """Return the columns of the object that a prepared condition looks at."""
    names = {comparison.path[0] for comparison in comparisons(condition)} if condition else set()
    if VECTOR in names:
        names = names - {VECTOR} | set(kind.search)
    return {kind.by_input_name[name].column for name in names}


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Walk over all comparisons of a condition."""
    match condition:
        case Comparison():
            yield condition
        case And(conditions) | Or(conditions):
            for member in conditions:
                yield from comparisons(member)
        case Not(negated):
            yield from comparisons(negated)


def _check_operand(comparison: Comparison) -> None:
    operator, value = comparison.operator, comparison.value
    if operator not in _OF_FIELDS:
        raise FieldValueError(
            f"uses the operator {operator}, which records do not have{meant(operator, _OF_FIELDS)}"
        )
    if operator in LIST_OPERATORS and not isinstance(value, list | tuple):
        raise FieldValueError(f"needs a list for {operator}")
    if operator in TEXT_OPERATORS and not isinstance(value, str):
        raise FieldValueError(f"needs text for {operator}")
    if operator == "is" and value not in ("NULL", "NOT_NULL"):
        raise FieldValueError("needs NULL or NOT_NULL for is")


def _spelt(field_type: FieldType, comparison: Comparison) -> JsonValue:
    value = comparison.value
    if comparison.operator not in VALUE_OPERATORS:
        return value
    if isinstance(value, list | tuple):
        return [None if item is None else field_type.comparable(item) for item in value]
    return None if value is None else field_type.comparable(value)
