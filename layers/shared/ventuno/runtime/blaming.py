"""Find the step whose call never answered where the machine could not tell it: outside branches and loops.

It is the one whose turn it was when the machine failed. The failure is stored with it, so the run says which
step failed and why, and a retry runs it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runs.places import Place, iteration_of
from ventuno.runtime.answering import note_failures
from ventuno.runtime.load_run import load_run
from ventuno.runtime.lost_calls import without_effects
from ventuno.runtime.run_step import settled
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.runs.model import Run
    from ventuno.runtime.load_run import WholeRun
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import Broken


def blame(run: Run, broken: Broken, services: Services) -> bool:
    """Store the failure of a run's machine with what it was at; False where nothing is known of that.

    Raises: StoreUnavailableError
    """
    lost = without_effects(services, broken, errors.StepFailedError)
    try:
        whole = load_run(run.id, services)
        states = [settled(event, lost)[1] for event in _under_way(run, whole)]
    except (errors.NotFoundError, errors.PayloadLostError, errors.DefinitionError, errors.RunNotRunningError):
        return False  # without its version nobody can tell what the run was at
    every = [one for state in states for one in (state, *state.riders)]
    return bool(note_failures(run.id, whole.version, every, services))


def _under_way(run: Run, whole: WholeRun) -> Iterator[StepEvent]:
    """Yield the call of the first step whose turn it was, as others may never have begun, and tries."""
    places = [Place(step_id, iteration_of(frame.iteration)) for frame, step_id in whole.rebuilt.ready[:1]]
    places += [state.place for state in whole.loaded.states if state.tries and state.open]
    rides = whole.version.version.rides or {}
    for step_id, iteration in places:
        yield StepEvent(
            run=run.id,
            version=str(run.version),
            step=step_id,
            rides=rides.get(step_id, ()),
            iteration=iteration,
        )
