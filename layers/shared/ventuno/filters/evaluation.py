"""Step filters in memory: what FILTER, IF_ELSE and trigger filters ask of the run's data.

Source: reference §6.1 and §6.2.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.expressions.resolution import resolve
from ventuno.filters.families import family_of
from ventuno.filters.grouping import Grouping, LogicalOperator
from ventuno.filters.values import operand_for, resolve_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from ventuno.filters.models import StepFilter, StepFilterGroup
    from ventuno.json_value import JsonValue

    Context = Mapping[str, JsonValue]


class ArrangedFilters:
    """Step filters in their groups: arranged once, asked about as many contexts as there are.

    Raises: FilterGroupError
    """

    def __init__(self, groups: Iterable[StepFilterGroup], filters: Iterable[StepFilter]) -> None:
        self._grouping = Grouping(
            (each.group for each in groups),
            ((item.step_filter_group_id, item) for item in filters),
        )

    def hold(self, context: Context, now: datetime) -> bool:
        """Whether everything together matches; nothing at all does. Raises: UnsupportedOperandError"""
        return self._grouping.fold(lambda item: matches(item, context, now), _combined)

    def group_holds(self, group_id: str, context: Context, now: datetime) -> bool:
        """Whether one group and its descendants match, as the branches of IF_ELSE ask; an unknown one does.

        Raises: UnsupportedOperandError, FilterGroupError
        """
        return self._grouping.fold_group(group_id, lambda item: matches(item, context, now), _combined)


def matches(step_filter: StepFilter, context: Context, now: datetime) -> bool:
    """Whether one filter matches.

    Raises: UnsupportedOperandError
    """
    left = resolve(step_filter.step_output_key, context)
    right = resolve_value(step_filter.value, context)
    family = family_of(step_filter.type, step_filter.composite_field_sub_field_name)
    operand = operand_for(step_filter.operand, step_filter.value, right)
    if operand not in family.rules:  # BOOLEAN has no IS_EMPTY: there null stays a value to compare with
        operand = step_filter.operand
    return family.holds(operand, left, right, now)


def _combined(operator: LogicalOperator, outcomes: Iterator[bool]) -> bool:
    return all(outcomes) if operator is LogicalOperator.AND else any(outcomes)
