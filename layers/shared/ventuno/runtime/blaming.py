"""Find the step whose call never answered: its function died, so nothing is stored of why.

It is the one whose turn it was when the machine failed. The failure is stored with it, so the run says which
step failed and why, and a retry runs it again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.engine.statuses import StepStatus
from ventuno.runs.model import RETRY, StepState
from ventuno.runs.places import iteration_of
from ventuno.runtime.load_run import load_run
from ventuno.runtime.services import Services, instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.runs.model import Run
    from ventuno.runtime.load_run import WholeRun


def broken_off(reason: str) -> str:
    """Say of a step that its call gave no answer."""
    return f"the call of this step gave no answer: {reason}"


def blame(run: Run, reason: str, services: Services) -> bool:
    """Store the failure of a run's machine with what it was at; False where nothing is known of that.

    Raises: StoreUnavailableError
    """
    try:
        whole = load_run(run.id, services)
    except (errors.NotFoundError, errors.PayloadLostError, errors.DefinitionError):
        return False  # without its version nobody can tell what the run was at
    now = instant(services.clock)
    told = broken_off(reason)
    failed = [
        replace(state, status=StepStatus.FAILED, error=told, waiting_for=None, ended_at=now)
        for state in _under_way(whole, now)
    ]
    if failed:
        services.runs.replace_steps(run, failed)
        services.runs.mark_failed(run.id, [state.place for state in failed])
    return bool(failed)


def _under_way(whole: WholeRun, now: str) -> Iterator[StepState]:
    """Yield the first step whose turn it was, for others may never have been called, and failed tries."""
    for frame, step_id in whole.rebuilt.ready[:1]:
        yield StepState(step_id, StepStatus.NOT_STARTED, iteration_of(frame.iteration), started_at=now)
    for state in whole.loaded.states:
        if state.open and state.waiting_for is not None and state.waiting_for["type"] == RETRY:
            yield state
