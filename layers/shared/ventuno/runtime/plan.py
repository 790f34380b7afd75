"""Plan: what activating a definition would change, before anything changes.

It compares with what triggers start now, or started last, and writes nothing.
Source: decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ventuno.actions.base import TaskAction
from ventuno.actions.registry import ACTIONS, KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.cost import cost_of
from ventuno.compiler.figures import DEFINITION_LIMIT_BYTES, HISTORY_LIMIT
from ventuno.compiler.work import work_of
from ventuno.definition.difference import difference
from ventuno.definition.findings import errors_of
from ventuno.definition.loading import parse_model
from ventuno.runs.model import VersionRef
from ventuno.runtime.validation import findings_of
from ventuno.runtime.versions import read_version
from ventuno.triggers.registry import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.compiler.cost import Cost
    from ventuno.compiler.figures import Figures
    from ventuno.definition.difference import Difference
    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

CREATE, CHANGE, ACTIVATE, NOTHING = "create", "change", "activate", "nothing"
ITEMS: Final = 1
"""How many items a loop is taken to have unless somebody knows better."""
_LIMITS: Final = {"historyEvents": HISTORY_LIMIT, "definitionBytes": DEFINITION_LIMIT_BYTES}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change. `action` is one of `create`, `change`, `activate` and `nothing`.

    `against` is the number of the version compared with. Cost and figures are None where the definition has
    errors, which activation would refuse. `items` is how many a loop is taken to have in the costs, where the
    author has not listed them.
    """

    action: str
    against: int | None
    changes: Difference
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    cost_before: Cost | None
    cost_after: Cost | None
    figures: Figures | None
    findings: tuple[Finding, ...]
    items: int = ITEMS

    def to_dict(self) -> JsonObject:
        """Return the wire form."""
        before, after = self.cost_before, self.cost_after
        return {
            "action": self.action,
            "against": self.against,
            "changes": self.changes.to_dict(),
            "permissions": {"gained": [*self.gained], "lost": [*self.lost]},
            "costPer1000Runs": {
                "before": {**before.to_dict()} if before else None,
                "after": {**after.to_dict()} if after else None,
                "assumes": {"path": "LONGEST", "items": self.items},
            },
            "quotas": [*self.quotas()],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def quotas(self) -> Iterator[JsonObject]:
        """Yield how near to each quota of Step Functions a run, or the machine, would come."""
        if self.figures is None:
            return
        used = {
            "historyEvents": self.figures.history_events,
            "definitionBytes": self.figures.definition_bytes,
        }
        for name, most in _LIMITS.items():
            percent = round(100 * used[name] / most, 2)
            yield {"quota": name, "used": used[name], "limit": most, "percent": percent}


def plan_of(
    workflow: Workflow | None, definition: Definition, services: Services, items: int = ITEMS
) -> Plan:
    """Compare a definition with the workflow as it runs, or ran last; None is one that does not exist yet.

    Raises: StoreUnavailableError, PayloadLostError
    """
    against = None if workflow is None else _number(workflow)
    before = None
    if workflow is not None and against is not None:
        ref = VersionRef(workflow.id, against)
        before = read_version(ref, services.workflows, services.payloads).definition
    findings = tuple(findings_of(definition, services.objects, services.outside.code))
    compiled = None if errors_of(findings) else compile_definition(definition, KINDS)
    changes = difference(before, definition)
    mine, theirs = permissions_of(definition), permissions_of(before) if before else ()
    return Plan(
        action=_action(workflow, before, changes),
        against=against,
        changes=changes,
        gained=tuple(each for each in mine if each not in theirs),
        lost=tuple(each for each in theirs if each not in mine),
        cost_before=_cost(before, items, services),
        cost_after=cost_of(work_of(compiled.plan, items)) if compiled else None,
        figures=compiled.figures if compiled else None,
        findings=findings,
        items=items,
    )


def plan_of_draft(workflow: Workflow, services: Services, items: int = ITEMS) -> Plan:
    """Tell what activating a workflow would change. Raises: StoreUnavailableError, PayloadLostError"""
    ref = VersionRef(workflow.id, workflow.latest_number)
    draft = read_version(ref, services.workflows, services.payloads).definition
    return plan_of(workflow, draft, services, items)


def _number(workflow: Workflow) -> int | None:
    return workflow.active.number if workflow.active else workflow.last_published_number


def _action(workflow: Workflow | None, before: Definition | None, changes: Difference) -> str:
    if workflow is None or before is None:
        return CREATE
    if not changes.empty:
        return CHANGE
    return NOTHING if workflow.active else ACTIVATE


def _cost(before: Definition | None, items: int, services: Services) -> Cost | None:
    """Estimate what the definition cost until now; the objects may have changed so that it has errors."""
    if before is None or errors_of(findings_of(before, services.objects)):
        return None
    return cost_of(work_of(compile_definition(before, KINDS).plan, items))


def permissions_of(definition: Definition) -> tuple[str, ...]:
    """Name what runs of a definition may do, and what may start them; settings with errors name nothing."""
    return tuple(dict.fromkeys((*_started_by(definition), *_done_by(definition))))


def _started_by(definition: Definition) -> Iterator[str]:
    kind = TRIGGERS.get(definition.trigger.type)
    settings, _ = parse_model(kind.settings_type, definition.trigger.settings, "") if kind else (None, None)
    if kind and settings:
        yield from kind.permissions(settings)


def _done_by(definition: Definition) -> Iterator[str]:
    for step in definition.steps:
        action = ACTIONS.get(step.type)
        if isinstance(action, TaskAction):
            settings, _ = parse_model(action.settings_type, step.settings.input, "")
            yield from action.permissions(settings) if settings else ()
