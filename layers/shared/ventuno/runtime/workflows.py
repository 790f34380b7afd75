"""Find a workflow by its name, and show it to callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.spelling import meant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Rollout, Workflow


def workflow_view(workflow: Workflow) -> JsonObject:
    """Return one workflow as the API and the command line show it."""
    active, rollout = workflow.active, workflow.rollout
    return {
        "id": workflow.id,
        "slug": workflow.slug,
        "name": workflow.name,
        "statuses": [status.value for status in workflow.statuses],
        "activeVersion": active.number if active else None,
        "draftVersion": workflow.draft_number,
        "latestVersion": workflow.latest_number,
        "trigger": active.trigger_type if active else None,
        "limits": workflow.limits.to_dict(),
        "rollout": rollout_view(rollout) if rollout else None,
        "rollback": workflow.rollback,
        "archivedAt": workflow.archived_at,
    }


def rollout_view(rollout: Rollout) -> JsonObject:
    """Return a rollout as callers see it."""
    return {
        "version": rollout.candidate.number,
        "percent": rollout.percent,
        "mostFailuresPercent": rollout.most_failures_percent,
        "afterRuns": rollout.after_runs,
        "startedAt": rollout.started_at,
    }


def find_workflow(name: str, services: Services) -> Workflow:
    """Find a workflow by slug or id. Raises: NotFoundError"""
    workflow = services.workflows.find(name) or services.workflows.get(name)
    if workflow is None:
        slugs = [each.slug for each in services.workflows.all()]
        raise errors.NotFoundError(f'there is no workflow "{name}"{meant(name, slugs)}')
    return workflow
