"""Activate and deactivate a workflow: compile, create machine and schedules, then switch in one write.

The workflow's own row is the journal, its revision names what an activation makes, and whoever repeats a
command that was cut off completes it. A crash before the switch leaves a machine nobody starts and schedules
that start nothing; activating again finds them and goes on. A crash behind the switch leaves schedules that
the row lists as left; the next command deletes them, or they delete themselves when they fire.
Source: reference §1.5; decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno.runs.model import VersionRef
from ventuno.runtime.apply import refuse_archived
from ventuno.runtime.preparing import machine_of, prepare
from ventuno.runtime.schedules import create_schedules, delete_left, still_left
from ventuno.runtime.versions import read_version, with_status
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from ventuno.runtime.preparing import Prepared
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Version, Workflow


def activate(workflow: Workflow, services: Services) -> Workflow:
    """Make the draft, or else the last published version, the one that triggers start.

    Where it is that already, what a crash has left undone is done. A rollout that goes on is ended by it.

    Raises: WorkflowStatusError (archived), DefinitionError, ConflictError, StoreUnavailableError
    """
    refuse_archived(workflow)
    number = workflow.draft_number or workflow.last_published_number or workflow.latest_number
    if workflow.active and workflow.active.number == number:
        delete_left(workflow, services)
        return workflow
    loaded = read_version(VersionRef(workflow.id, number), services.workflows, services.payloads)
    prepared = prepare(workflow, loaded, machine_of(workflow, number), services)
    return _switch(workflow, prepared, services)


def _switch(workflow: Workflow, prepared: Prepared, services: Services) -> Workflow:
    number = prepared.version.number
    left = still_left(workflow, services)
    schedules = create_schedules(workflow, prepared.timings, services)
    switched = replace(
        workflow,
        name=prepared.name,
        active=replace(prepared.active, schedules=schedules),
        last_published_number=number,
        draft_number=None if workflow.draft_number == number else workflow.draft_number,
        left_schedules=(*left, *_schedules(workflow)),
        rollout=None,
        rollback=None,
    )
    active = replace(prepared.version, status=VersionStatus.ACTIVE)
    saved = services.workflows.save(switched, [active, *_archived(workflow, number, services)])
    delete_left(saved, services)
    return saved


def _schedules(workflow: Workflow) -> tuple[str, ...]:
    return workflow.active.schedules if workflow.active else ()


def _archived(workflow: Workflow, number: int, services: Services) -> list[Version]:
    """The version published before and one that was rolled out: they can never be activated again."""
    before = {workflow.last_published_number, workflow.rollout.candidate.number if workflow.rollout else None}
    return with_status(workflow, before - {number}, VersionStatus.ARCHIVED, services)


def deactivate(workflow: Workflow, services: Services) -> Workflow:
    """Stop triggers from starting runs, and a rollout; runs that go on are left alone.

    Where none is active, what a crash has left undone is done.

    Raises: ConflictError, StoreUnavailableError
    """
    if workflow.active is None:
        delete_left(workflow, services)
        return workflow
    saved = services.workflows.save(stopped(workflow, services), stopped_versions(workflow, services))
    delete_left(saved, services)
    return saved


def stopped(workflow: Workflow, services: Services) -> Workflow:
    """Return the workflow as it is without an active version."""
    left = (*still_left(workflow, services), *_schedules(workflow))
    return replace(workflow, active=None, rollout=None, left_schedules=left)


def stopped_versions(workflow: Workflow, services: Services) -> list[Version]:
    """Return the versions that change when a workflow stops."""
    active = {workflow.active.number if workflow.active else None}
    candidate = {workflow.rollout.candidate.number if workflow.rollout else None}
    return [
        *with_status(workflow, active, VersionStatus.DEACTIVATED, services),
        *with_status(workflow, candidate, VersionStatus.ARCHIVED, services),
    ]
