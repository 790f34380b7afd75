"""FILTER: go on only where filters match. Its state is the Choice that reads the verdict.

Safe to retry: it is pure.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import Outcome, PureAction
from ventuno.actions.filter_checks import step_filter_findings
from ventuno.actions.group_checks import STEP_FILTERS, group_findings
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.filters.evaluation import ArrangedFilters
from ventuno.filters.models import StepFilter, StepFilterGroup
from ventuno.schemas import BOOLEAN, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.schemas import Schema, Scope


class FilterSettings(Wire):
    """`{stepFilterGroups?, stepFilters}`; filters without a group are ANDed."""

    step_filter_groups: tuple[StepFilterGroup, ...] = ()
    step_filters: tuple[StepFilter, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether filters were written down, be it none: a step that was never filled in asks nothing."""
        return "step_filters" in self.model_fields_set

    @cached_property
    def arranged(self) -> ArrangedFilters:
        """The filters in their groups. Raises: FilterGroupError"""
        return ArrangedFilters(self.step_filter_groups, self.step_filters)

    def findings(self, scope: Scope) -> Iterator[Finding]:
        """Find filters that cannot hold, and groups that do not exist."""
        groups = [each.group for each in self.step_filter_groups]
        yield from group_findings(
            groups, [each.step_filter_group_id for each in self.step_filters], STEP_FILTERS
        )
        yield from step_filter_findings(self.step_filters, scope)


class Filter(PureAction[FilterSettings]):
    """Result: `{matchesFilter}`; when false the step is STOPPED. Source: reference §3.11, §6."""

    wire_type = "FILTER"
    kind = StepKind.FILTER
    settings_type = FilterSettings
    about = About(
        settings={
            "stepFilterGroups": "Groups that combine filters by AND or OR; without them all must hold.",
            "stepFilters": "`{type, stepOutputKey, operand, value}` each; see [filters](filters.md).",
        },
        result="when false the step is STOPPED, and what hangs only on it is skipped.",
        errors={errors.StepInputError: "a filter compares values that its type cannot compare"},
        examples=(
            Example(
                "Only business customers",
                {
                    "stepFilters": [
                        {
                            "type": "TEXT",
                            "stepOutputKey": "{{trigger.email}}",
                            "operand": "DOES_NOT_CONTAIN",
                            "value": "@gmail.com",
                        }
                    ]
                },
                {"matchesFilter": True},
            ),
        ),
    )

    def output_schema(self, settings: FilterSettings, scope: StepScope) -> Schema:
        """Return the schema of the verdict."""
        del scope
        return Object({"matchesFilter" if settings.asks else "shouldEndWorkflowRun": BOOLEAN})

    def check(self, settings: FilterSettings, scope: StepScope) -> Iterator[Finding]:
        """Find filters that cannot hold, and groups that do not exist."""
        yield from settings.findings(scope)

    def evaluate(self, settings: FilterSettings, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Evaluate all filters. Raises: StepInputError"""
        if not settings.asks:
            return Outcome({"shouldEndWorkflowRun": False})
        matches = settings.arranged.hold(values, now)
        return Outcome({"matchesFilter": matches}, StepStatus.SUCCESS if matches else StepStatus.STOPPED)
