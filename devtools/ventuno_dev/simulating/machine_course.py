"""The course of a run whose steps a machine starts: the run rules say whose turn it is, the machine runs it.

A step that the machine runs out of turn fails its Task; a step that it forgets never runs.
Nothing here decides when: delays end by the machine's clock, retries come when the machine tries again.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any

from ventuno.engine.course import Course
from ventuno.engine.frames import OPEN, Frame
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Definition
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.circumstances import Circumstances
    from ventuno.engine.frames import Loop

_CLOCK_TOLERANCE = 1e-6
"""How far apart two sums of the same waits may lie. Units: seconds"""


class OutOfTurnError(Exception):
    """The machine runs a step whose turn it is not; the message says which."""


class AbandonedError(OutOfTurnError):
    """The machine runs a step of an iteration at the very instant in which its loop fails."""


class MachineCourse(Course):
    """A course that waits for calls. `waiting` holds the steps that may run now, by iteration."""

    def __init__(self, definition: Definition, behaviour: Behaviour, given: Circumstances) -> None:
        super().__init__(definition, behaviour, given)
        self.waiting: dict[tuple[str, tuple[int, ...]], Frame] = {}
        self._abandoned: list[Frame] = []
        self.follow(self.root, self.root.scope.entries)

    def catch_up(self, now: float) -> None:
        """Let what is due by now happen: delays that are over. Units: virtual seconds"""
        while self.timeline.step(now + _CLOCK_TOLERANCE):
            pass
        self.timeline.wait(now)

    def call(self, step_id: str, iteration: tuple[int, ...], started_at: float) -> Frame:
        """Run a step, unless it has run before as a rider; return its frame. Raises: OutOfTurnError"""
        if self.status is not RunStatus.RUNNING:
            raise OutOfTurnError(f"the run is {self.status}; no step may start")
        frame = self._frame_of(step_id, iteration)
        state = frame.states[step_id]
        if frame in self._abandoned:
            raise AbandonedError(f"the loop around {step_id}{list(iteration)} has failed")
        if self.waiting.pop((step_id, iteration), None) is None:
            if state.execution is None or state.status is StepStatus.RUNNING:
                raise OutOfTurnError(f"{step_id}{list(iteration)} was called, but it is not its turn")
            return frame
        if state.status is StepStatus.NOT_STARTED:
            self.execute(frame, step_id)
            if state.execution is not None:
                state.execution.started_at = started_at
        else:
            self.attempt(frame, step_id)
        return frame

    def may_call(self, step_id: str, iteration: tuple[int, ...]) -> bool:
        """Whether it is a step's turn."""
        return self.status is RunStatus.RUNNING and (step_id, iteration) in self.waiting

    # --- what the machine decides ---------------------------------------------------------------------

    def may_start(self, frame: Frame, step_id: str) -> None:
        """Wait until the machine calls the step."""
        if self.status is RunStatus.RUNNING and (step_id, frame.iteration) not in self.waiting:
            frame.open += 1
            self.waiting[step_id, frame.iteration] = frame

    def perform(self, seconds: float, work: Callable[[], None]) -> None:
        """Do the work at once; the machine has let its time pass."""
        del seconds
        work()

    def may_try_again(self, frame: Frame, step_id: str, seconds: float) -> None:
        """Wait until the machine calls the step again."""
        del seconds
        self.waiting[step_id, frame.iteration] = frame

    def resume(self, act: Callable[..., None], *given: Any) -> None:  # noqa: ANN401 - what the act takes
        """Let a delay end, unless it was abandoned meanwhile; nothing else waits for a time here."""
        frame, step_id = given[:2]
        if frame.states[step_id].status is StepStatus.PENDING:
            super().resume(act, *given)

    def advance(self, loop: Loop) -> None:
        """End a loop that has no iteration left; the machine opens iterations by running them."""
        if any(frame.broke and not frame.open for frame in loop.iterations):
            self._abandon(loop)
            self.end_loop(loop)
        elif not loop.running and (len(loop.iterations) == len(loop.items) or not loop.scope.entries):
            self.end_loop(loop)

    def _abandon(self, loop: Loop) -> None:
        """Give up the other iterations, as a Map does when one of them fails."""
        loop.running = 0
        for iteration in loop.iterations:
            for frame in iteration.walk():
                self._abandoned.append(frame)
                for step_id, state in frame.states.items():
                    self.waiting.pop((step_id, frame.iteration), None)
                    if state.status in OPEN and loop.failing_safely:
                        state.status, state.error = StepStatus.FAILED_SAFELY, ENDED_BEFORE
                        state.waiting_for = None

    def _frame_of(self, step_id: str, iteration: tuple[int, ...]) -> Frame:
        """Find the frame of a call; open the iterations that it is the first of. Raises: OutOfTurnError"""
        frame = self.root
        for index in iteration:
            if step_id not in frame.scope.way_to:
                raise OutOfTurnError(f"{step_id}{list(iteration)} was called in too many loops")
            loop = frame.loops.get(frame.scope.way_to[step_id])
            if loop is None:
                raise OutOfTurnError(f"{step_id}{list(iteration)} was called before its loop began")
            frame = _iteration(loop, index) or self._open(loop, index)
        if step_id not in frame.states:
            raise OutOfTurnError(f"{step_id}{list(iteration)} was called in too few loops")
        return frame

    def _open(self, loop: Loop, index: int) -> Frame:
        if not 0 <= index < len(loop.items):
            raise OutOfTurnError(f"iteration {index} of {loop.iterator} began, but there is none")
        frame = Frame(loop.scope, (*loop.frame.iteration, index), loop)
        insort(loop.iterations, frame, key=lambda one: one.iteration)
        loop.running += 1
        state = loop.frame.states[loop.iterator]
        state.result, state.has_result = loop.pass_result(frame), True
        self.follow(frame, frame.scope.entries)
        return frame


def _iteration(loop: Loop, index: int) -> Frame | None:
    """Find an iteration that is open; most stand at their index, because they began in order."""
    if not loop.iterations or index > loop.iterations[-1].iteration[-1]:
        return None
    there = loop.iterations[index] if index < len(loop.iterations) else loop.iterations[-1]
    if there.iteration[-1] == index:
        return there
    return next((frame for frame in loop.iterations if frame.iteration[-1] == index), None)
