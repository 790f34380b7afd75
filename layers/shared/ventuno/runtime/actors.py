"""Who a run acts as: a person who started it, or the workflow itself. Source: reference §3.2, §4.10"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records.context import Actor

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Run
    from ventuno.workflow.model import Workflow

WEBHOOK_ACTOR: JsonObject = {"source": "WEBHOOK", "name": "Webhook"}


def workflow_actor(workflow: Workflow) -> JsonObject:
    """Return who starts the runs of a workflow that no person starts. Source: reference §2.1"""
    return Actor("WORKFLOW", workflow.name or "Workflow").to_value()


def actor_of(run: Run) -> Actor:
    """Return the actor of a run's record writes."""
    member = run.created_by.get("workspaceMemberId")
    if run.created_by.get("source") == "MANUAL" and isinstance(member, str):
        return Actor("MANUAL", str(run.created_by.get("name") or ""), member)
    return Actor("WORKFLOW", "Workflow", None)
