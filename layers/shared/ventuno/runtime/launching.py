"""Start the execution of a run that is stored as RUNNING; what cannot start for now is left to the sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import to_text
from ventuno.runtime.closing import close
from ventuno.runtime.riders import answers_of

if TYPE_CHECKING:
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services


def launch(run: Run, services: Services) -> None:
    """Start the execution.

    The run is stored, so a refusal for now, or until the setup is mended, loses nothing: the sweep tries
    again every minute, and tells of a wrong setup then.
    """
    try:
        services.machines.start(run.machine_arn, run.execution_name, execution_input(run))
    except (errors.StoreUnavailableError, errors.ConfigurationError):
        return
    except errors.MachineMissingError as error:
        close(run, RunStatus.FAILED, str(error), services)


def execution_input(run: Run) -> str:
    """Write the input of an execution: the run's id and the answers of the steps evaluated at its start.

    Event: {"run": id, "version": "<workflow id>:v<n>", "answers": {stepId: true | false | branch index}}
    """
    return to_text({"run": run.id, "version": str(run.version), "answers": answers_of(run.start_riders)})
