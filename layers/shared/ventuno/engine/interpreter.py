"""Run a definition by the rules, in virtual time: the oracle of the compiler and the core of simulate.

Pure and deterministic: no AWS, no clock, no chance. All steps that may start at an instant start before
any of them ends, so only durations decide what a failure with `failFast` cuts off.
Source: reference §4.3 to §4.9; decisions, Engine
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ventuno.engine.circumstances import Circumstances
from ventuno.engine.course import Course
from ventuno.engine.following import starting_points
from ventuno.engine.frames import Frame, Progress
from ventuno.engine.rules import run_status
from ventuno.engine.simulated import SimulatedRun, simulated_run
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus, StepStatus

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.outcomes import Outcomes


def interpret(
    definition: Definition, behaviour: Behaviour, circumstances: Circumstances | None = None
) -> SimulatedRun:
    """Run a definition until nothing moves any more. Raises: DefinitionError for overlapping loops"""
    interpreter = Interpreter(definition, behaviour, circumstances or Circumstances())
    interpreter.run()
    return interpreter.simulated()


class Interpreter:
    """One run: `run` moves it on, `stop` and `retry` do what a user's Stop and Retry do."""

    def __init__(self, definition: Definition, behaviour: Behaviour, circumstances: Circumstances) -> None:
        self._course = course = Course(definition, behaviour, circumstances)
        course.follow(course.root, course.root.scope.entries)
        self._conclude()

    @property
    def status(self) -> RunStatus:
        """Where the run stands."""
        return self._course.status

    def run(self, until: float | None = None) -> None:
        """Move on to an instant, or until nothing moves any more. Units: virtual seconds"""
        while self._course.timeline.step(until):
            self._conclude()
        if until is not None and not self.status.ended:
            self._course.timeline.wait(until)

    def stop(self) -> None:
        """Stop: what is running ends, nothing new starts, what is waiting is given up."""
        if self.status.ended:
            return
        self._course.status = RunStatus.STOPPING
        for frame, step_id, state in self._course.open_states():
            if step_id in frame.loops and state.status is StepStatus.RUNNING:
                self._course.close(frame, state, StepStatus.STOPPED)
        self._conclude()

    def retry(self, outcomes: Outcomes | None = None) -> None:
        """Run the failed steps of a FAILED run again; any other run is left as it is."""
        if self.status is not RunStatus.FAILED:
            return
        self._course.status = RunStatus.RUNNING
        if outcomes is not None:
            self._course.outcomes = outcomes
        self._revive(self._course.root)
        self._conclude()

    def simulated(self) -> SimulatedRun:
        """Tell how the run went so far."""
        course = self._course
        return simulated_run(
            course.status, course.definition, course.root, course.executions, course.timeline.now
        )

    def _conclude(self) -> None:
        """End the run once nothing runs, waits or may start."""
        course = self._course
        if course.status is RunStatus.STOPPING:
            statuses = [state.status for _, _, state in course.open_states()]
            if run_status(course.status, statuses, runnable=False).ended:
                course.end(RunStatus.STOPPED)
        elif course.status is RunStatus.RUNNING and not course.root.open:
            statuses = [state.status for frame in course.root.walk() for state in frame.states.values()]
            course.end(run_status(course.status, statuses, runnable=False))

    def _revive(self, frame: Frame) -> None:
        frame.broke, frame.open = False, 0
        for step_id, state in frame.states.items():
            if state.status is StepStatus.FAILED:
                self._revive_step(frame, step_id, state)
        self._course.follow(frame, starting_points(frame))

    def _revive_step(self, frame: Frame, step_id: str, state: Progress) -> None:
        """Reset a failed step; a loop that failed only because the run ended keeps its place."""
        loop = frame.loops.get(step_id)
        if loop is None or state.error != ENDED_BEFORE:
            frame.loops.pop(step_id, None)
            frame.states[step_id] = Progress(attempts=state.attempts)
            return
        state.status, state.error = StepStatus.RUNNING, None
        frame.open += 1
        loop.failing = loop.failing_safely = False
        broken = [iteration for iteration in loop.iterations if iteration.unfinished]
        loop.running = len(broken)
        for iteration in broken:
            self._revive(iteration)
        course = self._course
        course.timeline.later(0.0, partial(course.resume, course.advance, loop))
