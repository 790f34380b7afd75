"""Follow a run in the run store: read it until it ends, ever less often while nothing changes.

Step Functions is never asked: its API allows few calls a second, and the store knows more. Of a loop only the
iterations that stand out are read, so that following costs the same however long it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.engine.statuses import StepStatus
from ventuno.errors import VentunoError
from ventuno.runtime.load_run import load_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import LoadedRun
    from ventuno.runtime.load_run import WholeRun
    from ventuno.runtime.services import Services

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
_GROWTH = 1.5


class FollowTimeoutError(VentunoError):
    """The run did not end in the time given."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new status of a step, or of the run when `step_id` is None."""

    step_id: str | None
    name: str
    status: str
    error: JsonValue = None

    @property
    def waits(self) -> bool:
        """Whether a step has begun to wait: for an answer, an instant, or its next try."""
        return self.step_id is not None and self.status == StepStatus.PENDING


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes. Units: seconds."""

    elapsed: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


def follow(
    run_id: str, services: Services, timeout_seconds: float | None = None, pace: Pace | None = None
) -> Iterator[Change]:
    """Yield every change of a run and its steps, what has happened already first, until the run has ended.

    Raises: NotFoundError, FollowTimeoutError, StoreUnavailableError
    """
    pace = pace or Pace()
    deadline = None if timeout_seconds is None else pace.elapsed() + timeout_seconds
    whole = load_run(run_id, services, most=0)
    definition, loaded = whole.version.definition, whole.loaded
    seen: dict[str | None, str] = {step.id: StepStatus.NOT_STARTED for step in definition.steps}
    pause = FIRST_PAUSE_SECONDS
    while True:
        changes = [state for state in _states(definition, whole) if seen.get(state.step_id) != state.status]
        seen.update((change.step_id, change.status) for change in changes)
        yield from changes
        if loaded.run.status.ended:
            return
        pause = FIRST_PAUSE_SECONDS if changes else min(pause * _GROWTH, LONGEST_PAUSE_SECONDS)
        pace.pause(min(pause, _left(deadline, pace, loaded)))
        whole = load_run(run_id, services, whole.version, most=0)
        loaded = whole.loaded


def _states(definition: Definition, whole: WholeRun) -> list[Change]:
    """List where the steps and the run stand now; the run comes last once it has ended."""
    run = whole.loaded.run
    statuses = whole.rebuilt.statuses()
    errors = {place.step_id: state.error for place, state in whole.loaded.by_place.items() if state.error}
    steps = [
        Change(step.id, step.name, statuses[step.id].value, errors.get(step.id)) for step in definition.steps
    ]
    itself = Change(None, run.name, run.status.value, run.error)
    return [*steps, itself] if run.status.ended else [itself, *steps]


def _left(deadline: float | None, pace: Pace, loaded: LoadedRun) -> float:
    """Return the seconds that are left. Raises: FollowTimeoutError"""
    if deadline is None:
        return LONGEST_PAUSE_SECONDS
    left = deadline - pace.elapsed()
    if left <= 0:
        raise FollowTimeoutError(f"{loaded.run.name} is still {loaded.run.status}: the time given is over")
    return left
