"""Take a version that is rolled out back when too many of its runs fail.

Whether it fails is told by the runs themselves, so judging may be repeated and forgets nothing.
Source: decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.versions import with_status
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Rollout, Workflow

_PAGE: Final = 200
_LOOKED_AT: Final = 1000
"""The last runs of the workflow among which those of the candidate are judged."""
_TRIES: Final = 3


def take_back(workflow: Workflow, reason: str, services: Services) -> Workflow:
    """Give all runs to the active version again; without a rollout nothing happens.

    Raises: ConflictError, StoreUnavailableError
    """
    if workflow.rollout is None:
        return workflow
    number = workflow.rollout.candidate.number
    versions = with_status(workflow, {number}, VersionStatus.ARCHIVED, services)
    return services.workflows.save(replace(workflow, rollout=None, rollback=reason), versions)


def judge_rollouts(services: Services) -> int:
    """Take back every candidate that fails too often, and return how many. Raises: StoreUnavailableError"""
    return sum(judge_rollout(workflow.id, services) for workflow in services.workflows.rolling_out())


def judge_rollout(workflow_id: str, services: Services) -> bool:
    """Take a workflow's candidate back if it fails too often. Raises: StoreUnavailableError"""
    for _ in range(_TRIES):
        workflow = services.workflows.get(workflow_id)
        reason = _verdict(workflow, services) if workflow and workflow.rollout else None
        if workflow is None or reason is None:
            return False
        try:
            take_back(workflow, reason, services)
        except errors.ConflictError:
            continue
        return True
    raise errors.StoreUnavailableError(f"the workflow {workflow_id} is changed all the time; try again")


def _verdict(workflow: Workflow, services: Services) -> str | None:
    """Say why the candidate is to be taken back, or None."""
    rollout = workflow.rollout
    if rollout is None:
        return None
    ended = [run for run in _candidates(workflow, rollout, services) if run.status.ended]
    counted = [run for run in ended if run.status is not RunStatus.STOPPED]
    failed = sum(run.status is RunStatus.FAILED for run in counted)
    enough = len(counted) >= rollout.after_runs
    if not enough or failed * 100 <= rollout.most_failures_percent * len(counted):
        return None
    number = rollout.candidate.number
    return (
        f"v{number} was taken back: {failed} of its last {len(counted)} runs failed, more than the"
        f" {rollout.most_failures_percent} % allowed"
    )


def _candidates(workflow: Workflow, rollout: Rollout, services: Services) -> list[Run]:
    """Read the last runs of the candidate; refused ones say nothing of it."""
    found: list[Run] = []
    cursor: str | None = None
    for _ in range(_LOOKED_AT // _PAGE):
        page = services.runs.by_workflow(workflow.id, _PAGE, cursor)
        number = rollout.candidate.number
        found += [run for run in page.runs if run.version.number == number and run.candidate]
        cursor = page.cursor
        if cursor is None or page.runs[-1].started_at < rollout.started_at:
            break
    return [run for run in found if not run.refused]
