"""Close a run when its execution has ended, whatever ended it: no run stays RUNNING after its execution.

Called for every Step Functions status change and by the sweep; closing twice changes nothing.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html; reference §4.7
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from ventuno import errors
from ventuno.engine.rules import run_status
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import Execution
from ventuno.runtime.blaming import blame
from ventuno.runtime.ending import end_run
from ventuno.runtime.load_run import MOST_STATES, whole_run
from ventuno.runtime.lost_calls import message_of
from ventuno.runtime.start_run import RUN_FAILED
from ventuno.runtime.step_event import Broken
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.runs.model import LoadedRun
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion

ENDED_STATUSES = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
INTERRUPTED_ERRORS = ("States.ServiceRestart",)
"""Errors of executions that ended through no fault of the run; the sweep resumes them."""

_STEP_FAILURES = (errors.StepFailedError.__name__, errors.IterationFailedError.__name__)

CLOCK_SKEW = timedelta(minutes=1)
"""A wait of an execution that has ended is over, even where this function's clock is a little behind."""

_versions = VersionCache()


class ExecutionEnded(BaseModel):
    """The `detail` of an `aws.states` "Step Functions Execution Status Change" event."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    execution_arn: str = Field(alias="executionArn")
    machine_arn: str = Field(alias="stateMachineArn")
    name: str
    status: str
    input: str | None = None
    error: str | None = None
    cause: str | None = None

    @property
    def run_id(self) -> str | None:
        """The run of the execution, or None for an execution that none of our machines started."""
        try:
            run = json.loads(self.input or "{}").get("run")
        except (ValueError, AttributeError):
            return None
        return run if isinstance(run, str) else None


def close_run(event: ExecutionEnded, services: Services) -> bool:
    """Close the run of an ended execution; False when there was nothing to close.

    Raises: StoreUnavailableError
    """
    if event.run_id is None or event.status not in ENDED_STATUSES:
        return False
    execution = Execution(event.status, event.error, event.cause)
    try:
        loaded = load_ended(event.run_id, execution, services)
    except errors.NotFoundError:
        return False
    run = loaded.run
    current = run.machine_arn == event.machine_arn and run.execution_name == event.name
    if not current or run.status.ended or interrupted(event.status, event.error):
        return False
    return close_ended(loaded, execution, services)


def close_ended(loaded: LoadedRun, execution: Execution, services: Services) -> bool:
    """Close a run by how its execution ended; False when steps are left to run, or somebody was faster."""
    run = loaded.run
    status, error = outcome_of(loaded, execution, services)
    if not status.ended:
        return False
    if status is RunStatus.FAILED and error not in (None, RUN_FAILED) and execution.status == "FAILED":
        broken = Broken(error=execution.error or execution.status, cause=execution.cause or "")
        error = RUN_FAILED if blame(run, broken, services) else error
    return end_run(run, status, error, services)


def interrupted(status: str, error: str | None) -> bool:
    """Whether an execution was cut off by the service rather than ended by the run."""
    return status == "FAILED" and error in INTERRUPTED_ERRORS


def load_ended(run_id: str, execution: Execution, services: Services) -> LoadedRun:
    """Read a run with what its outcome depends on: its steps, if its execution succeeded.

    One request for a run without loops. Raises: NotFoundError, StoreUnavailableError
    """
    succeeded = execution.status == "SUCCEEDED"
    return services.runs.load_all(run_id, MOST_STATES) if succeeded else services.runs.load(run_id, [])


def outcome_of(loaded: LoadedRun, execution: Execution, services: Services) -> tuple[RunStatus, str | None]:
    """Tell a run's status from its stored steps and from how its execution ended.

    RUNNING means that steps are left although the execution succeeded: stored states were lost in a crash
    of the local stack, and only running the machine again can bring the run to its end.
    """
    if execution.status == "ABORTED":
        return RunStatus.STOPPED, "the execution was stopped"
    run = loaded.run
    if run.failed or execution.error in _STEP_FAILURES:
        return RunStatus.FAILED, RUN_FAILED  # which step failed, and why, is told by the step
    if execution.status != "SUCCEEDED":
        return RunStatus.FAILED, _reason(execution.status, execution.error, execution.cause)
    version = _versions.load(run.version, services.workflows, services.payloads)
    status = _settled_status(loaded, version, services)
    return status, RUN_FAILED if status is RunStatus.FAILED else None


def _settled_status(loaded: LoadedRun, version: LoadedVersion, services: Services) -> RunStatus:
    whole = whole_run(loaded, version, services, ahead=CLOCK_SKEW).rebuilt
    statuses = [state.status for frame in whole.root.walk() for state in frame.states.values()]
    return run_status(RunStatus.RUNNING, statuses, runnable=bool(whole.ready))


def _reason(status: str, error: str | None, cause: str | None) -> str:
    """Say why an execution failed although no step is to blame."""
    return ": ".join(part for part in (error or status, message_of(cause)) if part)
