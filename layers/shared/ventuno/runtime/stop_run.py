"""Stop a run: its execution is aborted, what is running may still end, nothing new starts.

Stopping always ends in STOPPED; a stop that was cut off is brought to its end by the sweep.
Source: reference §4.8; decisions, Engine
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.engine.statuses import RunStatus
from ventuno.runtime.closing import release_place
from ventuno.runtime.ending import end_run
from ventuno.runtime.services import Services, instant

if TYPE_CHECKING:
    from ventuno.runs.model import Run

STOPPED_BY = "the run was stopped"


def stop_run(run_id: str, services: Services) -> Run:
    """Stop a run and return it as it stands then; one that has ended is left as it is.

    Raises: NotFoundError, StoreUnavailableError
    """
    services.runs.begin_stop(run_id)
    run = services.runs.load(run_id, []).run
    if run.status is RunStatus.NOT_STARTED:
        _cancel(run, services)
    elif run.status is RunStatus.STOPPING:
        finish_stop(run, services)
    return services.runs.load(run_id, []).run


def _cancel(run: Run, services: Services) -> None:
    """Stop a run that waits to start; one that starts in this moment is stopped like any other.

    Somebody may have taken a place for it and not have lived to start it.
    """
    if services.runs.cancel(run, STOPPED_BY, instant(services.clock)):
        release_place(run, services)
    else:
        stop_run(run.id, services)


def finish_stop(run: Run, services: Services) -> bool:
    """Abort the execution of a STOPPING run and close the run; False when somebody else did."""
    services.machines.stop(run.machine_arn, run.execution_name, STOPPED_BY)
    return end_run(run, RunStatus.STOPPED, STOPPED_BY, services)
