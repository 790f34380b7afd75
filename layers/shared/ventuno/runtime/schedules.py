"""The clock starts runs: schedules are made when a version is activated, and one run when a moment comes.

A schedule is named after the revision of the workflow that its activation leads to, so every activation has
schedules of its own and deleting an old one can never hurt a new one. Which schedules count is said by the
workflow alone: one made too early starts nothing, and one left behind deletes itself when it fires.
Source: reference §2.3; decisions, Triggers and Lifecycle
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from ventuno import errors
from ventuno.execution_ports import SCHEDULED_TIME, Schedule
from ventuno.runs.claim_check import to_text
from ventuno.runtime.actors import workflow_actor
from ventuno.runtime.start_run import Start, start_run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services
    from ventuno.schedules.scheduler_form import Timing
    from ventuno.workflow.model import Workflow


class MomentCame(BaseModel):
    """What a schedule sends.

    Event: {"schedule": name, "workflow": id, "revision": n, "scheduledTime": "2026-03-01T09:00:00Z"}
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    schedule: str
    workflow: str
    revision: int
    scheduled_time: str = Field(alias="scheduledTime")


class Fired(StrEnum):
    """What came of a moment."""

    STARTED = "started"
    KNOWN = "known"
    EARLY = "early"
    DELETED = "deleted"


def create_schedules(workflow: Workflow, timings: Iterable[Timing], services: Services) -> tuple[str, ...]:
    """Make the schedules of the activation that is to follow and return their names; safe to repeat.

    Raises: StoreUnavailableError, ConfigurationError
    """
    revision = workflow.revision + 1
    names: list[str] = []
    for number, timing in enumerate(timings, 1):
        name = f"{workflow.id}-r{revision}-{number}"
        sent: JsonObject = {
            "schedule": name,
            "workflow": workflow.id,
            "revision": revision,
            "scheduledTime": SCHEDULED_TIME,
        }
        services.schedules.create(Schedule(name, timing, to_text(sent)))
        names.append(name)
    return tuple(names)


def delete_left(workflow: Workflow, services: Services) -> None:
    """Delete the schedules that no version has any more; whatever is left of them starts nothing."""
    still_left(workflow, services)


def still_left(workflow: Workflow, services: Services) -> tuple[str, ...]:
    """Delete the schedules that no version has any more, and return those that could not be for now."""
    return tuple(name for name in workflow.left_schedules if not _deleted(name, services))


def _deleted(name: str, services: Services) -> bool:
    try:
        services.schedules.delete(name)
    except errors.StoreUnavailableError:
        return False  # the next command deletes it, or its own next moment does
    return True


def moment_came(event: MomentCame, services: Services) -> Fired:
    """Start the run of a moment; delete a schedule that no version has any more.

    Raises: StoreUnavailableError
    """
    workflow = services.workflows.get(event.workflow)
    if workflow and workflow.active and event.schedule in workflow.active.schedules:
        key = f"cron:{event.scheduled_time}"
        started = start_run(Start(workflow, {}, workflow_actor(workflow), key), services)
        return Fired.STARTED if started.fresh else Fired.KNOWN
    if workflow and workflow.revision < event.revision:
        return Fired.EARLY
    services.schedules.delete(event.schedule)
    return Fired.DELETED
