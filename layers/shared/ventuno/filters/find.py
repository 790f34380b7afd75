"""The filter of FIND_RECORDS, compiled to the neutral condition tree.

Fail closed: a filter that resolves to nothing is an error, never "every record".
Object metadata is passed in, so this module knows no records.

Source: reference §3.6 and §6.3; decisions, Actions
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ventuno.expressions.showing import shown
from ventuno.filters.condition import And, Or
from ventuno.filters.grouping import Grouping, LogicalOperator
from ventuno.filters.query import condition_of, query_operands
from ventuno.filters.query.question import Question
from ventuno.filters.refusals import FilterValueError
from ventuno.filters.values import operand_for, resolve_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ventuno.filters.condition import Condition
    from ventuno.filters.models import RecordFilter, RecordFilterGroup
    from ventuno.json_value import JsonValue


_EVERYTHING: Final = And(())  # an empty group; beside other members it must not widen an OR


class FilterField(NamedTuple):
    """What a filter must know of a field; `related` finds the fields of the object a relation points to."""

    name: str
    type: str
    related: Callable[[], Mapping[str, FilterField]] | None = None


@dataclass(frozen=True, slots=True)
class FindScope:
    """What filters are resolved against.

    `fields` finds a field of the object by whatever `field_metadata_id` may hold: its id, its name, or both.
    """

    fields: Mapping[str, FilterField]
    context: Mapping[str, JsonValue]
    now: datetime
    member_id: str | None = None


def compile_find(
    groups: Sequence[RecordFilterGroup], filters: Sequence[RecordFilter], scope: FindScope
) -> Condition | None:
    """Compile filters and groups; None only if there is no filter at all.

    Raises: FilterValueError, FilterGroupError, UnsupportedOperandError
    """
    if not filters:
        return None
    grouping = Grouping(
        (each.group for each in groups),
        ((item.record_filter_group_id, item) for item in filters),
    )
    return grouping.fold(lambda item: compile_record_filter(item, scope), _combined)


def compile_record_filter(record_filter: RecordFilter, scope: FindScope) -> Condition:
    """Compile one filter.

    Raises: FilterValueError, UnsupportedOperandError
    """
    target, path = _target(record_filter, scope)
    value = resolve_value(record_filter.value, scope.context)
    operand = operand_for(record_filter.operand, record_filter.value, value)
    if operand not in query_operands(target.type, record_filter.sub_field_name):
        operand = record_filter.operand
    question = Question(path, operand, value, scope.now, record_filter.sub_field_name, scope.member_id)
    condition = condition_of(target.type, question)
    if condition is None:
        raise FilterValueError(
            f"The filter on {'.'.join(path)} has no value to compare with; give one, or use IS_EMPTY."
        )
    return condition


def _target(record_filter: RecordFilter, scope: FindScope) -> tuple[FilterField, tuple[str, ...]]:
    """Return the field whose type counts, and the path to it, through a relation if the filter names one."""
    field = _field(record_filter.field_metadata_id, scope.fields)
    if not record_filter.relation_target_field_metadata_id:
        return field, (field.name,)
    if field.related is None:
        raise FilterValueError(f"A filter looks through the field {field.name}, which is no relation.")
    target = _field(record_filter.relation_target_field_metadata_id, field.related())
    return target, (field.name, target.name)


def _field(key: str, fields: Mapping[str, FilterField]) -> FilterField:
    field = fields.get(key)
    if field is None:
        raise FilterValueError(f"A filter names the field {shown(key)}, which the object does not have.")
    return field


def _combined(operator: LogicalOperator, conditions: Iterator[Condition]) -> Condition:
    members = tuple(condition for condition in conditions if condition != _EVERYTHING)
    if len(members) == 1:
        return members[0]
    return And(members) if operator is LogicalOperator.AND else Or(members)
