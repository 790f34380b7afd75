"""What an error makes of a step: another try, a harmless failure, or a failure for good.

Source: reference §4.5, §4.6; decisions, Engine
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.kinds import StepKind
from ventuno.engine.course import RETRY_WAITS_SECONDS
from ventuno.engine.statuses import StepStatus
from ventuno.engine.timeline import told_instant
from ventuno.runs.model import RETRY, Attempt, StepState
from ventuno.runs.places import Place, indexes_of, iteration_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ventuno.definition.model import Step
    from ventuno.runs.model import Run
    from ventuno.runtime.versions import LoadedVersion


def failed_state(
    version: LoadedVersion, before: StepState, error: errors.StepError, now: datetime
) -> StepState:
    """Return what is to be stored of a step that failed at `now`; `before` is how it stood."""
    step = version.definition.step(before.step_id)
    retries = step.settings.error_handling_options.retry_on_failure.value
    final = isinstance(error, errors.StepFailedError)  # its machine is no more, to try it again or go on
    if before.tries < retries and not final and not isinstance(error, errors.StepInputError):
        return _to_be_retried(before, error, retries, now)
    goes_on = step.settings.error_handling_options.continue_on_failure.value and not final
    rescued = goes_on and not _picks(version, step)
    safe = rescued or is_tolerated(version, step.id)
    return StepState(
        before.step_id,
        StepStatus.FAILED_SAFELY if safe else StepStatus.FAILED,
        before.iteration,
        error=error.told,
        rescued=rescued,
        history=before.history,
    )


def _to_be_retried(before: StepState, error: errors.StepError, retries: int, now: datetime) -> StepState:
    attempt = before.tries + 1
    at = now + timedelta(seconds=RETRY_WAITS_SECONDS[attempt - 1])
    return StepState(
        before.step_id,
        StepStatus.PENDING,
        before.iteration,
        error=error.told,
        waiting_for={"type": RETRY, "attempt": attempt, "of": retries, "at": told_instant(at)},
        history=(*before.history, Attempt(StepStatus.FAILED, error.told, retry_attempt=attempt)),
    )


def is_tolerated(version: LoadedVersion, step_id: str) -> bool:
    """Whether some loop around a step goes on when an iteration fails."""
    return any(version.settings_of(loop).continues for loop in version.around[step_id])


def broken_loops(version: LoadedVersion, place: Place) -> Iterator[Place]:
    """Yield the loops with parallel iterations that start no further one after a failure at a place.

    Source: decisions, Engine (siblings run to their end)
    """
    indexes = indexes_of(place.iteration)
    around = version.around[place.step_id]
    for depth in reversed(range(len(around))):
        settings = version.settings_of(around[depth])
        if settings.continues:
            return
        if settings.max_concurrency > 1:
            yield Place(around[depth], iteration_of(indexes[:depth]))


def goes_no_further(run: Run, version: LoadedVersion, place: Place) -> bool:
    """Whether an iteration that begins at a place is not to begin: one that started before it has failed.

    The first iterations of a loop begin at once, so nothing can have failed before them.
    """
    iterator = version.around[place.step_id][-1]
    *within, index = indexes_of(place.iteration)
    late = index >= version.settings_of(iterator).max_concurrency
    return late and Place(iterator, iteration_of(tuple(within))) in run.broken


def _picks(version: LoadedVersion, step: Step) -> bool:
    """Whether the step picks a branch: there is none to go on with when it fails. Source: reference §4.6"""
    return version.kind(step.id) is StepKind.CHOICE
