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

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.definition.model import Step
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runs.places import Place
    from ventuno.runtime.versions import LoadedVersion


def failed_state(
    version: LoadedVersion, place: Place, error: errors.StepError, history: tuple[Attempt, ...], now: datetime
) -> StepState:
    """Return what is to be stored of a step that failed at `now`."""
    step = version.definition.step(place.step_id)
    if retries_left(step, history) and not isinstance(error, errors.StepInputError):
        return _to_be_retried(step, place, error.told, history, now)
    rescued = step.settings.error_handling_options.continue_on_failure.value and not _picks(version, step)
    status = (
        StepStatus.FAILED_SAFELY if rescued or is_tolerated(version, place.step_id) else StepStatus.FAILED
    )
    return StepState(
        place.step_id, status, place.iteration, error=error.told, rescued=rescued, history=history
    )


def retries_left(step: Step, history: tuple[Attempt, ...]) -> bool:
    """Whether the author wants a step that failed tried again."""
    return len(history) < step.settings.error_handling_options.retry_on_failure.value


def _to_be_retried(
    step: Step, place: Place, error: JsonValue, history: tuple[Attempt, ...], now: datetime
) -> StepState:
    attempt = len(history) + 1
    at = now + timedelta(seconds=RETRY_WAITS_SECONDS[attempt - 1])
    waiting: JsonObject = {
        "type": RETRY,
        "attempt": attempt,
        "of": step.settings.error_handling_options.retry_on_failure.value,
        "at": told_instant(at),
    }
    return StepState(
        place.step_id,
        StepStatus.PENDING,
        place.iteration,
        error=error,
        waiting_for=waiting,
        history=(*history, Attempt(StepStatus.FAILED, error, retry_attempt=attempt)),
    )


def is_tolerated(version: LoadedVersion, step_id: str) -> bool:
    """Whether some loop around a step goes on when an iteration fails."""
    return any(version.settings_of(loop).continues for loop in version.around[step_id])


def _picks(version: LoadedVersion, step: Step) -> bool:
    """Whether the step picks a branch: there is none to go on with when it fails. Source: reference §4.6"""
    return version.kind(step.id) is StepKind.CHOICE
