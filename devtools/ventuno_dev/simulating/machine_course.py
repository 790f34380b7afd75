"""The course of a run whose steps a machine starts: the run rules say whose turn it is, the machine runs it.

A step that the machine runs out of turn fails its Task; a step that it forgets never runs.
Nothing here decides when: delays end by the machine's clock, retries come when the machine tries again.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from ventuno.engine.course import Course
from ventuno.engine.frames import Frame
from ventuno.engine.statuses import RunStatus, StepStatus

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


class MachineCourse(Course):
    """A course that waits for calls. `waiting` holds the steps that may run now, by iteration."""

    def __init__(self, definition: Definition, behaviour: Behaviour, given: Circumstances) -> None:
        super().__init__(definition, behaviour, given)
        self.waiting: dict[tuple[str, tuple[int, ...]], Frame] = {}
        self.follow(self.root, self.root.scope.entries)

    def catch_up(self, now: float) -> None:
        """Let what is due by now happen: delays that are over. Units: virtual seconds"""
        while self.timeline.step(now + _CLOCK_TOLERANCE):
            pass
        self.timeline.wait(now)

    def call(self, step_id: str, iteration: tuple[int, ...], started_at: float) -> Frame:
        """Run a step and return its frame. Raises: OutOfTurnError"""
        self._open_iterations(step_id, iteration)
        frame = self.waiting.pop((step_id, iteration), None)
        if frame is None:
            raise OutOfTurnError(f"{step_id}{list(iteration)} was called, but it is not its turn")
        state = frame.states[step_id]
        if state.status is StepStatus.NOT_STARTED:
            self.execute(frame, step_id)
            if state.execution is not None:
                state.execution.started_at = started_at
        else:
            self.attempt(frame, step_id)
        return frame

    def may_call(self, step_id: str, iteration: tuple[int, ...]) -> bool:
        """Whether it is a step's turn."""
        return (step_id, iteration) in self.waiting

    # --- what the machine decides ---------------------------------------------------------------------

    def may_start(self, frame: Frame, step_id: str) -> None:
        """Wait until the machine calls the step."""
        if self.status is RunStatus.RUNNING and not self.may_call(step_id, frame.iteration):
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

    def advance(self, loop: Loop) -> None:
        """End a loop that has no iteration left; the machine opens iterations by running them."""
        halted = loop.failing or loop.failing_safely
        if loop.running == 0 and (
            halted or len(loop.iterations) == len(loop.items) or not loop.scope.entries
        ):
            self.end_loop(loop)

    def _open_iterations(self, step_id: str, iteration: tuple[int, ...]) -> None:
        """Open the iterations that a call is the first of. Raises: OutOfTurnError"""
        frame = self.root
        for index in iteration:
            if step_id not in frame.scope.way_to:
                raise OutOfTurnError(f"{step_id}{list(iteration)} was called in too many loops")
            loop = frame.loops.get(frame.scope.way_to[step_id])
            if loop is None:
                raise OutOfTurnError(f"{step_id}{list(iteration)} was called before its loop began")
            frame = _iteration(loop, index) or self._open(loop, index)

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
