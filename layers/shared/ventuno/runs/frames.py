"""Stored states → frames: where every step of a run stands, in every iteration.

Only what did something is stored. What follows from it by the rules is found here: who was passed over,
what became of a loop, which delay is over. Nothing that follows is ever stored, so it can never disagree.
Source: reference §4.3 to §4.7
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ventuno.definition.durations import ONE_YEAR_SECONDS, form_timeout_seconds
from ventuno.engine.following import follow, pass_over_body, starting_points
from ventuno.engine.frames import OPEN, Frame, Progress
from ventuno.engine.scopes import scopes_of
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus, StepStatus
from ventuno.runs.model import DELAY, FORM
from ventuno.runs.places import Place, indexes_of, iteration_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ventuno.definition.model import Definition
    from ventuno.engine.frames import Loop
    from ventuno.engine.scopes import Scope
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import LoadedRun, StepState
    from ventuno.runs.places import Indexes

    ItemsOf = Callable[[Place, int], Sequence[JsonValue]]
    """Gives the items of an iterator at a place, of which there are so many."""

_ALL_OVER = datetime.max.replace(tzinfo=UTC)
"""A completed run has waited for everything, whatever the clocks of the functions said."""

FORM_EXPIRED = "the form was not answered in time"


@dataclass
class RebuiltRun:
    """A run's frames, and the steps that may start but are not stored yet."""

    root: Frame
    ready: list[tuple[Frame, str]] = field(default_factory=list)

    def statuses(self) -> dict[str, StepStatus]:
        """Return the status of every step, as the reference tells it: of the iteration that stands out."""
        members = [step for scope in self.root.scope.walk() for step in scope.members]
        return {step: StepStatus(str(self.root.told(step)[1]["status"])) for step in members}


def rebuilt(definition: Definition, loaded: LoadedRun, now: datetime, items_of: ItemsOf) -> RebuiltRun:
    """Put the frames of a run together, as the run stands now or stood when it ended."""
    run = loaded.run
    as_of = datetime.fromisoformat(run.ended_at) if run.status.ended and run.ended_at else now
    if run.status is RunStatus.COMPLETED:
        as_of = _ALL_OVER
    root = Frame(scopes_of(definition))
    builder = _Builder(definition, root.scope, loaded.by_place, as_of, items_of)
    builder.fill(root)
    whole = RebuiltRun(root, list(builder.ready.values()))
    if run.status is not RunStatus.NOT_STARTED and not run.refused:  # else nothing of it is under way
        _settle(whole, run.status)
    return whole


def _settle(whole: RebuiltRun, status: RunStatus) -> None:
    """Say what the run's own status makes of steps that are under way."""
    for frame, step_id in whole.ready:
        frame.states[step_id].status = StepStatus.RUNNING
    if not status.ended:
        return
    for frame in whole.root.walk():
        for step_id, state in frame.states.items():
            if state.status in OPEN:
                _give_up(state, stopped=status is RunStatus.STOPPED and step_id in frame.loops)


def _give_up(state: Progress, *, stopped: bool) -> None:
    state.waiting_for = None
    state.status = StepStatus.STOPPED if stopped else StepStatus.FAILED
    state.error = None if stopped else ENDED_BEFORE


class _Builder:
    """Fills frames from the inside out, because what a loop came to decides what follows it."""

    def __init__(
        self,
        definition: Definition,
        scope: Scope,
        stored: Mapping[Place, StepState],
        as_of: datetime,
        items_of: ItemsOf,
    ) -> None:
        self._definition = definition
        self._stored = stored
        self._as_of = as_of
        self._items_of = items_of
        self._known = _iterations(scope, stored)
        self.ready: dict[tuple[str, Indexes], tuple[Frame, str]] = {}

    def fill(self, frame: Frame) -> bool:
        """Fill a frame and what is inside it; tell whether something in it still runs, waits or may start."""
        iteration = iteration_of(frame.iteration)
        for step_id in frame.scope.members:
            state = self._stored.get(Place(step_id, iteration))
            if state is not None:
                self._place(frame, state)
        busy = [self._fill_loop(frame, iterator) for iterator in frame.scope.loops]
        before = len(self.ready)
        follow(frame, starting_points(frame), self._note)
        waits = any(
            state.status in OPEN and step_id not in frame.loops for step_id, state in frame.states.items()
        )
        return waits or any(busy) or len(self.ready) > before

    def _note(self, frame: Frame, step_id: str) -> None:
        self.ready[step_id, frame.iteration] = (frame, step_id)

    def _place(self, frame: Frame, state: StepState) -> None:
        progress = _progress(state)
        frame.states[state.step_id] = progress
        if state.status is StepStatus.PENDING and state.waiting_for is not None:
            self._wait_over(frame, state, progress)
        if progress.status is StepStatus.FAILED:
            frame.halt_loops(safely=False)
        elif progress.status is StepStatus.FAILED_SAFELY and not progress.rescued:
            frame.halt_loops(safely=True)

    def _wait_over(self, frame: Frame, state: StepState, progress: Progress) -> None:
        """End a wait whose instant has come: a delay succeeds, a form that nobody answered fails."""
        waiting: Any = state.waiting_for
        if waiting["type"] not in (DELAY, FORM):
            return
        step = self._definition.step(state.step_id)
        if datetime.fromisoformat(waiting["until"]) > self._as_of:
            progress.result, progress.has_result = None, False
            if waiting["type"] == FORM and form_timeout_seconds(step) == ONE_YEAR_SECONDS:
                progress.waiting_for = {key: waiting[key] for key in ("type", "since")}
            return
        progress.waiting_for = None
        progress.ended_at = waiting["until"]
        if waiting["type"] == DELAY:
            progress.status = StepStatus.SUCCESS
            return
        progress.error = FORM_EXPIRED
        progress.rescued = step.settings.error_handling_options.continue_on_failure.value
        safe = progress.rescued or any(loop.scope.settings.continues for loop in frame.enclosing())
        progress.status = StepStatus.FAILED_SAFELY if safe else StepStatus.FAILED

    def _fill_loop(self, frame: Frame, iterator: str) -> bool:
        """Fill the iterations of a loop that has begun; tell whether it goes on."""
        place = Place(iterator, iteration_of(frame.iteration))
        state = self._stored.get(place)
        if state is None:
            return False
        if state.count is None:
            if state.status is StepStatus.FAILED_SAFELY:
                pass_over_body(frame, iterator, StepStatus.FAILED_SAFELY)
            return False
        loop = frame.open_loop(iterator, self._items_of(place, state.count))
        for index in self._known.get((iterator, frame.iteration), ()):
            loop.running += self.fill(loop.add_frame(index))
        return _conclude(loop, state.count)


def _conclude(loop: Loop, count: int) -> bool:
    """Say what became of an iterator from what its iterations came to; tell whether it goes on."""
    state = loop.frame.states[loop.iterator]
    started_last = bool(loop.iterations) and loop.iterations[-1].iteration[-1] == count - 1
    if loop.failing:
        state.result = loop.pass_result(loop.shown())
        return False
    if loop.failing_safely and not loop.running:
        state.status, state.result, state.has_result = StepStatus.FAILED_SAFELY, None, False
        return False
    if (count == 0 or started_last) and not loop.running:
        state.status = StepStatus.SUCCESS
        return False
    state.result, state.has_result = None, False
    if loop.iterations:
        state.result, state.has_result = loop.pass_result(loop.iterations[-1]), True
    return True


def _iterations(root: Scope, stored: Iterable[Place]) -> dict[tuple[str, Indexes], list[int]]:
    """List, for each iterator and the iteration it is in, the iterations of which something is stored."""
    around = dict(_loops_around(root, ()))
    found: dict[tuple[str, Indexes], set[int]] = {}
    for place in stored:
        indexes = indexes_of(place.iteration)
        for depth, iterator in enumerate(around.get(place.step_id, ())):
            found.setdefault((iterator, indexes[:depth]), set()).add(indexes[depth])
    return {loop: sorted(known) for loop, known in found.items()}


def _loops_around(scope: Scope, around: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every step with the iterators around it, outermost first."""
    for step_id in scope.members:
        yield step_id, around
    for iterator, loop in scope.loops.items():
        yield from _loops_around(loop, (*around, iterator))


def _progress(state: StepState) -> Progress:
    """Read a stored state; its result stays as it is stored, for whoever tells it."""
    stored: Any = state.result
    return Progress(
        status=state.status,
        result=stored,
        has_result=state.result is not None,
        error=state.error,
        branch=state.branch,
        rescued=state.rescued,
        waiting_for=state.waiting_for if state.status is StepStatus.PENDING else None,
        attempts=[attempt.told() for attempt in state.history],
        started_at=state.started_at,
        ended_at=None if state.status in OPEN else state.ended_at,
    )
