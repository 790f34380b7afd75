"""Roll a version out by percentage, beside the active one.

Both have the same trigger, so each event goes to one of them, chosen by the id of its run; every change of a
rollout is one conditional write of the workflow's row.
Source: decisions, Lifecycle; architecture, AWS resources
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.definition.difference import meant, without_page_keys
from ventuno.runs.model import VersionRef
from ventuno.runtime.apply import refuse_archived
from ventuno.runtime.preparing import machine_of, prepare
from ventuno.runtime.services import instant
from ventuno.runtime.versions import read_version, with_status
from ventuno.workflow.model import Rollout, VersionStatus

if TYPE_CHECKING:
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import ActiveVersion, Workflow

MOST_FAILURES_PERCENT: Final = 20
AFTER_RUNS: Final = 10
MOST_AFTER_RUNS: Final = 200


@dataclass(frozen=True, slots=True)
class RolloutRules:
    """How much a candidate gets and when it is taken back, in percent and runs."""

    percent: int
    most_failures_percent: int = MOST_FAILURES_PERCENT
    after_runs: int = AFTER_RUNS


def start_rollout(workflow: Workflow, rules: RolloutRules, services: Services) -> Workflow:
    """Give a share of the runs to the draft, or another share to the version that is rolled out already.

    Raises: BadRequestError, WorkflowStatusError, WorkflowVersionError, WorkflowTriggerError (the draft has
    another trigger), DefinitionError, ConflictError, StoreUnavailableError
    """
    refuse_archived(workflow)
    _check(rules)
    if workflow.active is None:
        raise errors.WorkflowStatusError(f'workflow "{workflow.slug}" is not active; activate it first')
    if workflow.rollout is not None:
        return _changed(workflow, workflow.rollout, rules, services)
    if workflow.draft_number is None:
        raise errors.WorkflowVersionError(f'"{workflow.slug}" has no draft to roll out; apply one first')
    ref = VersionRef(workflow.id, workflow.draft_number)
    loaded = read_version(ref, services.workflows, services.payloads)
    now = {
        "type": workflow.active.trigger_type,
        "settings": without_page_keys(workflow.active.trigger_settings),
    }
    if meant(loaded.definition.trigger) != now:
        raise errors.WorkflowTriggerError(
            "a rollout shares out the events of one trigger, and the draft has another; activate it instead"
        )
    prepared = prepare(workflow, loaded, machine_of(workflow, ref.number), services)
    begun = _rollout(prepared.active, rules, instant(services.clock))
    candidate = replace(prepared.version, status=VersionStatus.CANDIDATE)
    rolled = replace(workflow, rollout=begun, rollback=None, draft_number=None)
    return services.workflows.save(rolled, [candidate])


def _check(rules: RolloutRules) -> None:
    wrong = {
        "percent": not 1 <= rules.percent <= 99,  # noqa: PLR2004 - a share of a whole
        "mostFailuresPercent": not 0 <= rules.most_failures_percent <= 99,  # noqa: PLR2004 - as above
        "afterRuns": not 1 <= rules.after_runs <= MOST_AFTER_RUNS,
    }
    told = {"percent": "1 to 99", "mostFailuresPercent": "0 to 99", "afterRuns": f"1 to {MOST_AFTER_RUNS}"}
    if any(wrong.values()):
        raise errors.BadRequestError(
            *(f"{name} must be {told[name]}" for name, is_so in wrong.items() if is_so)
        )


def _rollout(candidate: ActiveVersion, rules: RolloutRules, started_at: str) -> Rollout:
    return Rollout(candidate, rules.percent, rules.most_failures_percent, rules.after_runs, started_at)


def _changed(workflow: Workflow, rollout: Rollout, rules: RolloutRules, services: Services) -> Workflow:
    if workflow.draft_number is not None:
        raise errors.WorkflowVersionError(
            f"v{rollout.candidate.number} is being rolled out; finish that or take it back before the next"
        )
    changed = _rollout(rollout.candidate, rules, rollout.started_at)
    if changed == rollout:
        return workflow
    return services.workflows.save(replace(workflow, rollout=changed), [])


def finish_rollout(workflow: Workflow, services: Services) -> Workflow:
    """Make the candidate the active version; without a rollout nothing happens.

    Raises: ConflictError, StoreUnavailableError
    """
    rollout, active = workflow.rollout, workflow.active
    if rollout is None or active is None:
        return workflow
    ref = VersionRef(workflow.id, rollout.candidate.number)
    candidate = read_version(ref, services.workflows, services.payloads)
    switched = replace(
        workflow,
        name=candidate.definition.name,
        active=replace(rollout.candidate, schedules=active.schedules),
        rollout=None,
        last_published_number=ref.number,
    )
    before = with_status(workflow, {active.number}, VersionStatus.ARCHIVED, services)
    return services.workflows.save(
        switched, [replace(candidate.version, status=VersionStatus.ACTIVE), *before]
    )
