"""Evaluate the steps that ride with a finished step, along the path the run really takes.

Pure steps are computed from stored data alone, so the call that ran the step before them does it: no Lambda
call, no state transition and no write of their own. A call of pure steps runs the task they lead to, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.compiler.contract import FAILED
from ventuno.compiler.riding import Way
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.engine.timeline import told_instant
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import DELAY, FORM, Inline, StepState
from ventuno.runs.places import Place, indexes_of
from ventuno.runtime.failing import failed_state
from ventuno.runtime.work import At

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion


@dataclass(frozen=True, slots=True)
class Ride:
    """What the riders of a call are evaluated with; `values` gains their results.

    `done` holds riders of an earlier try, which are not evaluated again; `run` runs tasks and lists
    the items of loops.
    """

    version: LoadedVersion
    values: dict[str, Any]
    services: Services
    done: Mapping[str, StepState] = field(default_factory=dict)
    run: Callable[[StepState], StepState] | None = None

    def state_of(self, place: Place) -> StepState:
        """Return what a rider comes to."""
        if place.step_id in self.done:
            return self.done[place.step_id]
        if self.version.kind(place.step_id) in (StepKind.TASK, StepKind.LOOP) and self.run is not None:
            return self.run(not_started(place))
        return evaluate(self.version, not_started(place), self.values, self.services)


def evaluate_riders(
    host: StepState, rides: Collection[str], ride: Ride, *, alone: bool = False
) -> tuple[StepState, ...]:
    """Walk from the host through the steps that ride with it.

    The walk ends at steps that are not in `rides`, which run in a call of their own; `alone` says that
    nothing else leads to those in it. What hangs on a step that failed is left out; other riders go on, they
    may stand in other branches of a fork.
    """
    version = ride.version
    states: list[StepState] = []

    def visit(step_id: str, way: Way | None = None) -> list[list[str]]:
        del way
        if step_id not in rides:
            return []
        states.append(ride.state_of(Place(step_id, host.iteration)))
        return [_next_steps(version, states[-1])]

    first = _next_steps(version, host) if rides else []
    if alone:
        todo = first
        while todo:
            todo = [target for step_id in todo for way in visit(step_id) for target in way]
    elif first:
        way = Way(None, tuple(first), version.riding.leading(host.step_id))
        version.riding.walk(version.level(host.step_id), [way], visit)
    return tuple(states)


def _next_steps(version: LoadedVersion, state: StepState) -> list[str]:
    if state.status is StepStatus.STOPPED or not state.harmless or version.riding.is_later(state.step_id):
        return []
    return version.graph.children(state.step_id, state.branch)


def not_started(place: Place) -> StepState:
    """Return the state of a step of which nothing is stored."""
    return StepState(place.step_id, StepStatus.NOT_STARTED, place.iteration)


def evaluate(
    version: LoadedVersion, before: StepState, values: dict[str, Any], services: Services
) -> StepState:
    """Evaluate one pure step; its result, if there is one, joins the values."""
    now = services.clock.now()
    waits = version.kind(before.step_id) is StepKind.WAIT
    at = At(indexes_of(before.iteration), before.tries)
    try:
        work = _waiting if waits else _evaluated
        state = work(version, before.place, at, values, services)
    except errors.StepError as error:
        state = failed_state(version, before, error, now)
        if state.rescued and waits:
            state = replace(state, waiting_for=_until(now))  # its state in the machine waits for nothing
    return replace(
        state,
        history=state.history or before.history,
        started_at=told_instant(now),
        ended_at=told_instant(now),
    )


def _evaluated(
    version: LoadedVersion, place: Place, at: At, values: dict[str, Any], services: Services
) -> StepState:
    step = version.definition.step(place.step_id)
    outcome = services.work.evaluate(step, at, values, services.clock.now())
    values[place.step_id] = outcome.result
    # A verdict is a few bytes, so it never needs the bucket.
    result = Inline(to_text(outcome.result))
    return StepState(place.step_id, outcome.status, place.iteration, result=result, branch=outcome.branch)


def _waiting(
    version: LoadedVersion, place: Place, at: At, values: dict[str, Any], services: Services
) -> StepState:
    """Store the instant once: a call that comes again must not wait longer."""
    step = version.definition.step(place.step_id)
    until, result = services.work.wait(step, at, values, services.clock.now())
    return StepState(
        place.step_id,
        StepStatus.PENDING,
        place.iteration,
        result=Inline(to_text(result)),
        waiting_for=_until(until),
    )


def _until(instant: datetime) -> JsonObject:
    return {"type": DELAY, "until": told_instant(instant)}


def answers_of(states: Iterable[StepState]) -> JsonObject:
    """Give the machine what its states read.

    The branch of an IF_ELSE, the instant of a DELAY, for other steps whether what follows them may run, and
    FAILED for a step that failed.
    """
    return {state.step_id: _answer(state) for state in states}


def tells_failure(version: LoadedVersion, state: StepState) -> bool:
    """Whether the machine can read that a rider failed; of others it learns when their host's call fails."""
    return version.kind(state.step_id) in (StepKind.FILTER, StepKind.CHOICE)


def _answer(state: StepState) -> JsonValue:
    if not state.harmless:
        return FAILED
    if state.branch is not None:
        return state.branch
    if state.waiting_for is not None and state.waiting_for["type"] in (DELAY, FORM):
        return state.waiting_for["until"]
    return state.status is StepStatus.SUCCESS or state.rescued
