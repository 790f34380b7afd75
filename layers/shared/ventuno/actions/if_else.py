"""IF_ELSE: take the first branch whose filters match. Its state is a Choice on the branch's index.

Safe to retry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import Outcome, PureAction
from ventuno.actions.filter import FilterSettings
from ventuno.actions.group_checks import unknown_group
from ventuno.definition.findings import Finding, Severity
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import Links
from ventuno.schemas import TEXT, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ventuno.actions.scope import StepScope
    from ventuno.schemas import Schema


_NO_BRANCH: Final = "If-else action must have at least one branch"


class Branch(Wire):
    """One way to go on; without `filterGroupId` it always matches, so it must be the last."""

    id: Annotated[str, Field(min_length=1)]
    next_step_ids: Links = ()
    filter_group_id: str | None = None


class IfElseSettings(FilterSettings):
    """`{branches: [{id, nextStepIds, filterGroupId?}], stepFilterGroups, stepFilters}`."""

    branches: tuple[Branch, ...]


class IfElse(PureAction[IfElseSettings]):
    """Result: `{matchingBranchId}`. Source: reference §3.12."""

    wire_type = "IF_ELSE"
    kind = StepKind.CHOICE
    settings_type = IfElseSettings
    about = About(
        settings={
            "stepFilterGroups": "The groups of filters that branches name.",
            "stepFilters": "`{type, stepOutputKey, operand, value, stepFilterGroupId}` each.",
            "branches": "`{id, nextStepIds, filterGroupId?}`; the first that matches is taken. "
            "One without a group always matches and comes last.",
        },
        result="the branch that was taken.",
        errors={errors.StepInputError: "no branch matches, or a filter cannot be evaluated"},
        examples=(
            Example(
                "Large deals go one way, others another",
                {
                    "stepFilterGroups": [{"id": "large"}],
                    "stepFilters": [
                        {
                            "type": "NUMBER",
                            "stepOutputKey": "{{trigger.amount}}",
                            "operand": "GREATER_THAN_OR_EQUAL",
                            "value": 10000,
                            "stepFilterGroupId": "large",
                        }
                    ],
                    "branches": [
                        {"id": "yes", "filterGroupId": "large", "nextStepIds": ["tell_the_boss"]},
                        {"id": "no", "nextStepIds": ["send_the_form"]},
                    ],
                },
                {"matchingBranchId": "yes"},
            ),
        ),
    )

    def output_schema(self, settings: IfElseSettings, scope: StepScope) -> Schema:
        """Return the schema of the verdict."""
        del settings, scope
        return Object({"matchingBranchId": TEXT})

    def check(self, settings: IfElseSettings, scope: StepScope) -> Iterator[Finding]:
        """Find filters that cannot hold, and groups that do not exist; a branch of none always matches."""
        yield from settings.findings(scope)
        if not settings.branches:
            yield Finding("INVALID_STEP_PARAMS", ".branches", f"{_NO_BRANCH}; add one")
        known = {group.id for group in settings.step_filter_groups}
        for index, branch in enumerate(settings.branches):
            if branch.filter_group_id and branch.filter_group_id not in known:
                path = f".branches[{index}].filterGroupId"
                yield replace(unknown_group(path, branch.filter_group_id, known), severity=Severity.WARNING)

    def evaluate(self, settings: IfElseSettings, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Find the first branch that matches. Raises: StepInputError when none does"""
        for index, branch in enumerate(settings.branches):
            group_id = branch.filter_group_id
            if group_id is None or settings.arranged.group_holds(group_id, values, now):
                return Outcome({"matchingBranchId": branch.id}, branch=index)
        none = "No matching branch found in if-else action"
        raise errors.StepInputError(none if settings.branches else _NO_BRANCH)
