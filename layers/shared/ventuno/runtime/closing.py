"""Close a run in the store, and give up its place among the runs that may go on at once.

The place goes first: a crash between the two leaves a run that is closed later, never a place that is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.runtime.services import instant

if TYPE_CHECKING:
    from ventuno.engine.statuses import RunStatus
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services


def close(run: Run, status: RunStatus, error: str | None, services: Services) -> bool:
    """Close a run of this attempt; False when somebody else did. Raises: StoreUnavailableError"""
    release_place(run, services)
    return services.runs.close(run.id, run.attempt, status, error, instant(services.clock))


def release_place(run: Run, services: Services) -> None:
    """Give up the place of a run that takes one. Raises: StoreUnavailableError"""
    if run.holds_place:
        services.limits.release(run.version.workflow_id, run.id)
