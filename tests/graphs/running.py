"""Run a case on the product itself: the compiled machine, the real use cases, stores in memory.

Only the work of the steps is replaced, by the case's outcomes.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.clock import FakeClock
from tests.fakes.world import World
from tests.graphs.behaviour import ReferenceBehaviour
from ventuno import errors
from ventuno.actions.base import Outcome
from ventuno.engine.circumstances import START, no_time
from ventuno.engine.frames import Execution
from ventuno.engine.outcomes import parse_outcomes
from ventuno.engine.simulated import SimulatedRun
from ventuno.runs.places import indexes_of
from ventuno.runs.view import readable
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.load_run import load_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.work import DELAY_RESULT, At, Waited
from ventuno_dev.asl.errors import StateError
from ventuno_dev.asl.simulation import Conditions, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.builders import Json
    from tests.graphs.cases import Case
    from ventuno.actions.base import StepCall
    from ventuno.definition.model import Definition, Step
    from ventuno.engine.outcomes import ChosenOutcome
    from ventuno.json_value import JsonValue
    from ventuno.runtime.load_run import WholeRun
    from ventuno_dev.asl.simulation import MachineRun
    from ventuno_dev.asl.world import TaskCall


class ChosenError(errors.StepError):
    """An error that a case chose; it may be any JSON."""

    def __init__(self, chosen: JsonValue) -> None:
        self._chosen = chosen
        super().__init__(str(chosen))

    @property
    def told(self) -> JsonValue:
        return self._chosen


class ChosenWork:
    """Work whose outcomes were chosen; without one a task succeeds with `{}`, and the rest is evaluated."""

    def __init__(self, case: Case) -> None:
        self._outcomes = parse_outcomes(case.outcomes, case.model())
        self._behaviour = ReferenceBehaviour()

    def _chosen(self, step: Step, at: At) -> ChosenOutcome | None:
        chosen = self._outcomes.of(step.id, at.iteration, at.attempt)
        if chosen is not None and chosen.error is not None:
            raise ChosenError(chosen.error)
        return chosen

    def run(self, step: Step, at: At, values: Mapping[str, Any], call: StepCall) -> JsonValue:
        del values, call
        chosen = self._chosen(step, at)
        return {} if chosen is None else chosen.result

    def evaluate(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Outcome:
        chosen = self._chosen(step, at)
        if chosen is not None:
            return Outcome(chosen.result, chosen.status, chosen.branch)
        verdict = self._behaviour.evaluate(step, values, now)
        return Outcome(verdict.result, verdict.status, verdict.branch)

    def wait(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Waited:
        chosen = self._chosen(step, at)
        result = DELAY_RESULT if chosen is None else chosen.result
        return Waited(self._behaviour.due(step, values, now), result)

    def items(self, step: Step, at: At, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        self._chosen(step, at)
        return self._behaviour.items(step, values, START)

    def answer(self, step: Step, at: At) -> Outcome | None:
        chosen = self._chosen(step, at)
        return None if chosen is None else Outcome(chosen.result)


class Running:
    """One case on the product."""

    def __init__(self, case: Case, duration: Callable[[str, tuple[int, ...]], float] = no_time) -> None:
        self.definition = case.model()
        self.world = World(clock=FakeClock(START), work=ChosenWork(case))
        self.world.publish(case.definition)
        self.run = self.world.start(case.payload).run
        self._duration = duration

    def simulate(self, seed: int | None = None) -> MachineRun | None:
        """Run the machine to its end, then deliver the news of it."""
        if not self.world.machines.started:
            return None  # the run ended when it started
        started = self.world.machines.started[-1]
        machine = json.loads(self.world.machines.created[started.machine_arn].definition)
        conditions = Conditions(
            name=started.name,
            start_time=START,
            seed=seed,
            duration=lambda call: self._duration(
                call.payload["step"], indexes_of(call.payload.get("iteration", ""))
            ),
        )
        self._simulation = Simulation(machine, json.loads(started.payload), self._task, conditions)
        self.world.machines.on_answer = self._answer
        ended = self._simulation.run(deadlines=False)
        self._at(ended.virtual_seconds)
        detail = {
            "executionArn": started.machine_arn.replace("stateMachine", "execution") + f":{started.name}",
            "stateMachineArn": started.machine_arn,
            "name": started.name,
            "status": ended.status,
            "input": started.payload,
            "error": ended.error,
            "cause": ended.cause,
        }
        close_run(ExecutionEnded.model_validate(detail), self.world.services)
        return ended

    def _answer(self, token: str, output: str) -> None:
        self._simulation.send_success(token, json.loads(output))

    def _at(self, seconds: float) -> None:
        self.world.clock.set(START + timedelta(seconds=seconds))

    def _task(self, call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        self._at(call.at)
        try:
            answer = run_step(StepEvent.model_validate(call.payload), self.world.services)
        except errors.StepError as error:
            raise StateError(type(error).__name__, json.dumps({"errorMessage": str(error)})) from error
        return json.loads(json.dumps(answer))

    def simulated(self) -> SimulatedRun:
        """Tell how the run went, as the interpreter does."""
        whole = load_run(self.run.id, self.world.services)
        return told_run(self.definition, whole, self.world)


def told_run(definition: Definition, whole: WholeRun, world: World) -> SimulatedRun:
    """Put a stored run into the interpreter's form."""
    steps: dict[str, Json] = {}
    for step in definition.steps:
        history, now = whole.rebuilt.root.told(step.id)
        told = [_timeless(readable(entry, world.payloads)) for entry in history]
        steps[step.id] = _timeless(readable(now, world.payloads)) | ({"history": told} if told else {})
    executions = _executions(whole)
    seconds = (world.clock.now() - START).total_seconds()
    order = [execution.step_id for execution in executions]
    return SimulatedRun(whole.loaded.run.status, steps, order, seconds, tuple(executions))


def _timeless(info: Any) -> Json:  # noqa: ANN401 - a step's info
    return {key: value for key, value in info.items() if key not in ("startedAt", "endedAt")}


def _executions(whole: WholeRun) -> list[Execution]:
    ended = {"DELAY": "until", "FORM": "until"}
    found = []
    for place, state in whole.loaded.by_place.items():
        waiting: Any = state.waiting_for or {}
        until = waiting.get(ended.get(waiting.get("type", ""), ""), state.ended_at)
        found.append(
            Execution(place.step_id, indexes_of(place.iteration), _since(state.started_at), _since(until))
        )
    for execution in found:  # a loop ends with its body
        state = whole.loaded.by_place[
            next(place for place in whole.loaded.by_place if _same(place, execution))
        ]
        if state.count is not None:
            depth = len(execution.iteration)
            members = set(whole.version.graph.loops.members[execution.step_id])
            inside = [
                one.ended_at or 0.0
                for one in found
                if one.step_id in members and one.iteration[:depth] == execution.iteration
            ]
            execution.ended_at = max([execution.ended_at or 0.0, *inside])
    return sorted(found, key=lambda execution: execution.started_at)


def _same(place: Any, execution: Execution) -> bool:  # noqa: ANN401 - a place
    return place.step_id == execution.step_id and indexes_of(place.iteration) == execution.iteration


def _since(instant: Any) -> float:  # noqa: ANN401 - text
    return (datetime.fromisoformat(instant) - START).total_seconds()
