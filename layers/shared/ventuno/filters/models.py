"""Step filters as authors write them; the models of FILTER, IF_ELSE and trigger filters.

Ids and groups may be left out: filters without a group are ANDed.

Source: reference §6.1
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from ventuno.filters.grouping import Group, LogicalOperator
from ventuno.filters.operands import Operand, current_spelling
from ventuno.wire import Wire

AuthoredOperand = Annotated[Operand, BeforeValidator(current_spelling)]


class StepFilter(Wire):
    """One comparison: what `step_output_key` resolves to, against what `value` resolves to.

    `type` chooses the rules; an unknown type takes the rules of untyped values.
    """

    type: str
    step_output_key: str
    operand: AuthoredOperand
    value: Any = ""
    id: str | None = None
    step_filter_group_id: str | None = None
    composite_field_sub_field_name: str | None = None
    field_metadata_id: str | None = None
    is_full_record: bool | None = None
    position_in_step_filter_group: float | None = None
    label: str | None = None
    display_value: str | None = None


class StepFilterGroup(Wire):
    """Filters and groups that refer to it, combined by one operator."""

    id: str
    logical_operator: LogicalOperator = LogicalOperator.AND
    parent_step_filter_group_id: str | None = None
    position_in_step_filter_group: float | None = None

    @property
    def group(self) -> Group:
        """Return its place in the tree."""
        return Group(self.id, self.logical_operator, self.parent_step_filter_group_id)


class RecordFilter(Wire):
    """One comparison of FIND_RECORDS; `field_metadata_id` names the field by id or by name.

    `type` is what the author saw; the field's own type chooses the rules.
    Source: reference §3.6
    """

    field_metadata_id: str
    operand: AuthoredOperand
    value: Any = ""
    id: str | None = None
    type: str | None = None
    sub_field_name: str | None = None
    relation_target_field_metadata_id: str | None = None
    record_filter_group_id: str | None = None
    position_in_record_filter_group: float | None = None
    label: str | None = None
    display_value: str | None = None


class RecordFilterGroup(Wire):
    """Record filters and groups that refer to it, combined by one operator."""

    id: str
    logical_operator: LogicalOperator = LogicalOperator.AND
    parent_record_filter_group_id: str | None = None
    position_in_record_filter_group: float | None = None

    @property
    def group(self) -> Group:
        """Return its place in the tree."""
        return Group(self.id, self.logical_operator, self.parent_record_filter_group_id)
