"""Stop a run: its execution is aborted, what is running may still end, nothing new starts.

Stopping always ends in STOPPED; a stop that was cut off is brought to its end by the sweep.
Source: reference §4.8; decisions, Engine
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.engine.statuses import RunStatus
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
    if run.status is RunStatus.STOPPING:
        finish_stop(run, services)
    return services.runs.load(run_id, []).run


def finish_stop(run: Run, services: Services) -> bool:
    """Abort the execution of a STOPPING run and close the run; False when somebody else did."""
    services.machines.stop(run.machine_arn, run.execution_name, STOPPED_BY)
    return services.runs.close(run.id, run.attempt, RunStatus.STOPPED, STOPPED_BY, instant(services.clock))
