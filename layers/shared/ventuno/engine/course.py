"""How a run takes its course: who may start, what an attempt comes to, and who follows.

Everything happens as soon as it may; `interpreter` moves a course on by the acts of its timeline.
Source: reference §4.3 to §4.6; decisions, Engine
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER
from ventuno.engine.following import follow, pass_over_body
from ventuno.engine.frames import OPEN, Execution, Frame, Loop, Progress
from ventuno.engine.scopes import scopes_of
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus, StepStatus
from ventuno.engine.timeline import Timeline, told_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ventuno.definition.model import Definition
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.circumstances import Circumstances
    from ventuno.engine.outcomes import ChosenOutcome
    from ventuno.json_value import JsonValue

RETRY_WAITS_SECONDS = (1, 5, 15)


class Course:
    """The state of one run and the rules that move it on."""

    def __init__(self, definition: Definition, behaviour: Behaviour, given: Circumstances) -> None:
        self.status = RunStatus.RUNNING
        self.definition = definition
        self.outcomes = given.outcomes
        self.timeline = Timeline(given.start_time)
        self.executions: list[Execution] = []
        self.root = Frame(scopes_of(definition))
        self._given = given
        self._behaviour = behaviour
        self.kinds = {step.id: behaviour.kind(step) for step in definition.steps}

    def open_states(self) -> list[tuple[Frame, str, Progress]]:
        """List the steps that run or wait, in every iteration."""
        return [
            (frame, step_id, state)
            for frame in self.root.walk()
            for step_id, state in frame.states.items()
            if state.status in OPEN
        ]

    def end(self, status: RunStatus) -> None:
        """End the run; what still runs or waits has failed."""
        self.status = status
        self.timeline.clear()
        for _, _, state in self.open_states():
            state.error = ENDED_BEFORE
            self._mark(state, StepStatus.FAILED)

    # --- starting and passing over --------------------------------------------------------------------

    def follow(self, frame: Frame, candidates: Iterable[str]) -> None:
        """Start the candidates that may, and what may once others are passed over."""
        follow(frame, candidates, self._start)

    def _start(self, frame: Frame, step_id: str) -> None:
        if self.status is RunStatus.RUNNING:
            frame.open += 1
            state = frame.states[step_id]
            state.execution = Execution(step_id, frame.iteration, self.timeline.now)
            self.executions.append(state.execution)
            self.attempt(frame, step_id)

    # --- executing ------------------------------------------------------------------------------------

    def attempt(self, frame: Frame, step_id: str) -> None:
        """Try a step, for the first time or again."""
        state = frame.states[step_id]
        state.status, state.error, state.waiting_for = StepStatus.RUNNING, None, None
        outcome = self.outcomes.of(step_id, frame.iteration, state.tries)
        state.tries += 1
        seconds = 0.0
        if self.kinds[step_id] is StepKind.TASK:
            seconds = self._given.duration(step_id, frame.iteration)
        elif self.kinds[step_id] is StepKind.CALLBACK and outcome is None:
            state.status = StepStatus.PENDING
            state.waiting_for = {"type": "FORM", "since": told_instant(self.timeline.instant())}
            return
        self.timeline.later(seconds, partial(self._complete, frame, step_id, outcome))

    def _complete(self, frame: Frame, step_id: str, outcome: ChosenOutcome | None) -> None:
        """End an attempt, or let a loop or a delay begin."""
        if outcome is not None and outcome.error is not None:
            self._fail(frame, step_id, outcome.error, retryable=True)
            return
        try:
            self._act(frame, step_id, outcome)
        except errors.StepError as error:
            retryable = not isinstance(error, errors.StepInputError)
            self._fail(frame, step_id, str(error), retryable=retryable)

    def _act(self, frame: Frame, step_id: str, outcome: ChosenOutcome | None) -> None:
        kind = self.kinds[step_id]
        if kind is StepKind.LOOP:
            self._begin_loop(frame, step_id)
        elif kind is StepKind.WAIT:
            self._begin_wait(frame, step_id, {"success": True} if outcome is None else outcome.result)
        elif outcome is not None:
            self._finish(frame, step_id, outcome.status, outcome.result, outcome.branch)
        elif kind is StepKind.TASK:
            self._finish(frame, step_id, StepStatus.SUCCESS, {})
        else:
            step = self.definition.step(step_id)
            verdict = self._behaviour.evaluate(step, self._values(frame), self.timeline.instant())
            self._finish(frame, step_id, verdict.status, verdict.result, verdict.branch)

    def _values(self, frame: Frame) -> dict[str, JsonValue]:
        return {TRIGGER: self._given.payload} | frame.values()

    def _begin_wait(self, frame: Frame, step_id: str, result: JsonValue) -> None:
        state = frame.states[step_id]
        step = self.definition.step(step_id)
        due = self._behaviour.due(step, self._values(frame), self.timeline.instant())
        state.status = StepStatus.PENDING
        state.waiting_for = {"type": "DELAY", "until": told_instant(due)}
        seconds = max(0.0, (due - self.timeline.instant()).total_seconds())
        self.timeline.later(
            seconds, partial(self.resume, self._finish, frame, step_id, StepStatus.SUCCESS, result)
        )

    def resume(self, act: Callable[..., None], *given: object) -> None:
        """Let what waited go on; a timer that fires while the run is stopping is ignored."""
        if self.status is RunStatus.RUNNING:
            act(*given)

    # --- ending a step --------------------------------------------------------------------------------

    def _finish(
        self, frame: Frame, step_id: str, status: StepStatus, result: JsonValue, branch: int | None = None
    ) -> None:
        state = frame.states[step_id]
        state.result, state.has_result, state.branch = result, True, branch
        self.close(frame, state, status)
        self._leave(frame, step_id)

    def _mark(self, state: Progress, status: StepStatus) -> None:
        state.status, state.waiting_for = status, None
        if state.execution is not None and state.execution.ended_at is None:
            state.execution.ended_at = self.timeline.now

    def close(self, frame: Frame, state: Progress, status: StepStatus) -> None:
        """End a step of a frame."""
        self._mark(state, status)
        frame.open -= 1

    def _leave(self, frame: Frame, step_id: str) -> None:
        """Go on to the children of a step that ended, or end the iteration it was the last of."""
        self.follow(frame, [edge.target for edge in frame.scope.children[step_id]])
        self._end_iteration(frame)

    def _fail(self, frame: Frame, step_id: str, error: JsonValue, *, retryable: bool) -> None:
        """Retry, else go on, else let a loop go on, else fail. Source: reference §4.6"""
        state = frame.states[step_id]
        options = self.definition.step(step_id).settings.error_handling_options
        state.error = error
        if retryable and state.tries <= options.retry_on_failure.value:
            self._wait_for_retry(frame, step_id, options.retry_on_failure.value)
        elif options.continue_on_failure.value and self.kinds[step_id] is not StepKind.CHOICE:
            state.rescued = True
            self._fail_safely(frame, step_id)
        elif any(loop.scope.settings.continues for loop in frame.enclosing()):
            self._halt(frame, safely=True)
            self._fail_safely(frame, step_id)
        else:
            self._halt(frame, safely=False)
            self.close(frame, state, StepStatus.FAILED)
            self._block(frame)

    def _halt(self, frame: Frame, *, safely: bool) -> None:
        """Let the loops around go no further; from now on they show the iteration that failed."""
        frame.halt_loops(safely=safely)
        for loop in frame.enclosing():
            if loop.failing or loop.failing_safely:
                loop.frame.states[loop.iterator].result = loop.pass_result(loop.shown())

    def _wait_for_retry(self, frame: Frame, step_id: str, retries: int) -> None:
        state = frame.states[step_id]
        seconds = RETRY_WAITS_SECONDS[state.tries - 1]
        at = told_instant(self.timeline.instant(seconds))
        state.attempts.append(
            {"status": StepStatus.FAILED.value, "error": state.error, "retryAttempt": state.tries}
        )
        state.status = StepStatus.PENDING
        state.waiting_for = {"type": "RETRY", "attempt": state.tries, "of": retries, "at": at}
        self.timeline.later(seconds, partial(self.resume, self.attempt, frame, step_id))

    def _fail_safely(self, frame: Frame, step_id: str) -> None:
        state = frame.states[step_id]
        state.result, state.has_result = None, False
        self.close(frame, state, StepStatus.FAILED_SAFELY)
        if step_id in frame.scope.loops and step_id not in frame.loops:
            pass_over_body(frame, step_id, StepStatus.FAILED_SAFELY)
        self._leave(frame, step_id)

    def _block(self, frame: Frame) -> None:
        if self.definition.fail_fast:
            self.end(RunStatus.FAILED)
        else:
            self._end_iteration(frame)

    # --- loops ----------------------------------------------------------------------------------------

    def _begin_loop(self, frame: Frame, iterator: str) -> None:
        step = self.definition.step(iterator)
        items = self._behaviour.items(step, self._values(frame), self.timeline.instant())
        self.advance(frame.open_loop(iterator, items))

    def advance(self, loop: Loop) -> None:
        """Start as many iterations as may run; end the loop when none is left."""
        if self.status is not RunStatus.RUNNING:
            return
        while loop.scope.entries and loop.may_start:
            iteration = loop.next_iteration()
            state = loop.frame.states[loop.iterator]
            state.result, state.has_result = loop.pass_result(iteration), True
            self.follow(iteration, iteration.scope.entries)
        if not loop.running:
            self.end_loop(loop)

    def _end_iteration(self, frame: Frame) -> None:
        if frame.loop is not None and not frame.open:
            frame.loop.running -= 1
            self.advance(frame.loop)

    def end_loop(self, loop: Loop) -> None:
        """End an iterator; one that a failure keeps from going on stays RUNNING until the run ends."""
        state = loop.frame.states[loop.iterator]
        if loop.failing:
            state.result = loop.pass_result(loop.shown())
            loop.frame.open -= 1
            self._end_iteration(loop.frame)
        elif loop.failing_safely:
            self._fail_safely(loop.frame, loop.iterator)
        else:
            count = len(loop.items) if loop.scope.entries else 0
            self._finish(loop.frame, loop.iterator, StepStatus.SUCCESS, loop.final_result(count))
