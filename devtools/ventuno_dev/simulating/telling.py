"""A stored run → the form in which simulations are told and compared."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ventuno.engine.frames import Execution
from ventuno.engine.simulated import SimulatedRun
from ventuno.runs.model import DELAY, FORM
from ventuno.runs.places import Place, indexes_of
from ventuno.runs.view import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.load_run import WholeRun
    from ventuno.runtime.services import Services


def told_run(
    whole: WholeRun, services: Services, started_at: datetime, order: Sequence[Place]
) -> SimulatedRun:
    """Tell a stored run as the interpreter tells its own; `order` says in which order its steps started."""
    steps: dict[str, dict[str, Any]] = {}
    for step in whole.version.definition.steps:
        history, now = whole.rebuilt.root.told(step.id)
        past = [_timeless(readable(entry, services.payloads)) for entry in history]
        steps[step.id] = _timeless(readable(now, services.payloads)) | ({"history": past} if past else {})
    executions = tuple(_executions(whole, started_at, order))
    seconds = (services.clock.now() - started_at).total_seconds()
    ids = [execution.step_id for execution in executions]
    return SimulatedRun(whole.loaded.run.status, steps, ids, seconds, executions)


def _timeless(info: JsonObject) -> dict[str, Any]:
    return {key: value for key, value in info.items() if key not in ("startedAt", "endedAt")}


def _executions(whole: WholeRun, since: datetime, order: Sequence[Place]) -> Iterator[Execution]:
    states = whole.loaded.by_place
    ends = {place: _end(state, since) for place, state in states.items()}
    last_inside: dict[Place, float] = {}
    for place, end in ends.items():
        for loop in _loops_around(whole, place):
            last_inside[loop] = max(last_inside.get(loop, 0.0), end)
    for place in order:
        started = _seconds(states[place].started_at, since)
        end = max(ends[place], last_inside.get(place, 0.0))  # a loop ends with its body
        yield Execution(place.step_id, indexes_of(place.iteration), started, end)


def _loops_around(whole: WholeRun, place: Place) -> Iterator[Place]:
    indexes = place.iteration.split(".") if place.iteration else []
    for depth, iterator in enumerate(whole.version.around[place.step_id]):
        yield Place(iterator, ".".join(indexes[:depth]))


def _end(state: StepState, since: datetime) -> float:
    waiting: Any = state.waiting_for or {}
    until = waiting.get("until") if waiting.get("type") in (DELAY, FORM) else None
    return _seconds(until or state.ended_at, since)


def _seconds(instant: str | None, since: datetime) -> float:
    return (datetime.fromisoformat(instant) - since).total_seconds() if instant else 0.0
