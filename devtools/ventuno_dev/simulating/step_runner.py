"""Play step_runner in memory: run a step and its riders by the run rules, and answer as a machine expects.

The answer is {"answers": {stepId: answer}, "count"?: number of items}.
Source: architecture, From definition to machine
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.compiler.plan import FAILED
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.engine.timeline import told_instant
from ventuno_dev.asl.errors import StateError
from ventuno_dev.simulating.machine_course import AbandonedError, OutOfTurnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.engine.frames import Frame, Progress
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno_dev.simulating.machine_course import MachineCourse


@dataclass(frozen=True, slots=True)
class Call:
    """What a Task asks for. Units: `started_at` is in virtual seconds"""

    step_id: str
    iteration: tuple[int, ...]
    rides: tuple[str, ...]
    started_at: float


@dataclass
class StepRunner:
    """Answers the calls of one run; `faults` lists those that the run rules forbid."""

    course: MachineCourse
    faults: list[str] = field(default_factory=list)

    def run(self, call: Call) -> tuple[Frame, JsonObject]:
        """Run a step, then its riders; return its frame and the answer.

        Raises: StateError where one of them failed or shall be tried again
        """
        try:
            frame = self.course.call(call.step_id, call.iteration, call.started_at)
        except OutOfTurnError as error:
            if self.course.status is RunStatus.RUNNING and not isinstance(error, AbandonedError):
                self.faults.append(str(error))
            raise StateError(errors.RunNotRunningError.__name__, str(error)) from error
        self.ride(call.iteration, call.rides)
        answer = self.answer(frame, (call.step_id, *call.rides), host=call.step_id)
        if self.course.kinds[call.step_id] is StepKind.LOOP:
            loop = frame.loops.get(call.step_id)
            answer["count"] = len(loop.items) if loop else 0
        return frame, answer

    def ride(self, iteration: tuple[int, ...], rides: Sequence[str]) -> None:
        """Evaluate the riders whose turn it is, until it is nobody's."""
        while turn := next((rider for rider in rides if self.course.may_call(rider, iteration)), None):
            self.course.call(turn, iteration, self.course.timeline.now)

    def answer(self, frame: Frame, steps: Sequence[str], host: str | None = None) -> JsonObject:
        """Tell what the states read of steps that ran.

        Raises: StateError where the host or a step whose failure no state reads has failed, or tries again
        """
        answers: JsonObject = {}
        for step_id in steps:
            state = frame.states[step_id]
            if state.execution is None:
                continue
            reads_failure = self.course.kinds[step_id] in (StepKind.FILTER, StepKind.CHOICE)
            if _failed(state) and (step_id == host or not reads_failure):
                raise StateError(errors.StepFailedError.__name__, step_id)
            if (state.waiting_for or {}).get("type") == "RETRY":
                raise StateError(errors.RetryLaterError.__name__, step_id)
            answer = FAILED if _failed(state) else self._answer(step_id, state)
            if answer is not None:
                answers[step_id] = answer
        return {"answers": answers}

    def _answer(self, step_id: str, state: Progress) -> JsonValue:
        """Give a filter's verdict, a branch's index, or a delay's end."""
        match self.course.kinds[step_id]:
            case StepKind.FILTER:
                return state.status is StepStatus.SUCCESS or state.rescued
            case StepKind.CHOICE:
                return state.branch
            case StepKind.WAIT:
                until = (state.waiting_for or {}).get("until")
                return until or told_instant(self.course.timeline.instant())
        return None


def _failed(state: Progress) -> bool:
    """Whether what follows must not run; a failure that a loop rescues ends the iteration all the same."""
    safely = state.status is StepStatus.FAILED_SAFELY and not state.rescued
    return state.status is StepStatus.FAILED or safely
