"""End a run, and do what its end leads to: a run that waits for its place starts, a rollout is judged.

What a crash leaves undone here is done by the next sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.engine.statuses import RunStatus
from ventuno.runtime.closing import close
from ventuno.runtime.judging import judge_rollout
from ventuno.runtime.waiting_runs import start_waiting

if TYPE_CHECKING:
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services


def end_run(run: Run, status: RunStatus, error: str | None, services: Services) -> bool:
    """End a run of this attempt; False when somebody else did. Raises: StoreUnavailableError"""
    closed = close(run, status, error, services)
    if run.holds_place:
        start_waiting(services, run.version.workflow_id, most=1)
    if run.candidate and status is RunStatus.FAILED:
        judge_rollout(run.version.workflow_id, services)
    return closed
