"""Run the compiled machine of a definition: its states by the ASL interpreter, its Tasks by the run rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.compiler.compile import compile_definition
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER
from ventuno.engine.rules import run_status
from ventuno.engine.simulated import SimulatedRun, simulated_run
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno_dev.asl.errors import StateError
from ventuno_dev.asl.simulation import Conditions, Simulation
from ventuno_dev.simulating.machine_course import MachineCourse
from ventuno_dev.simulating.step_runner import Call, StepRunner

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.circumstances import Circumstances
    from ventuno.json_value import JsonObject
    from ventuno_dev.asl.world import TaskCall


@dataclass(frozen=True, slots=True)
class MachineResult:
    """What the run came to, and what it took; `faults` tell what the machine did against the run rules."""

    run: SimulatedRun
    transitions: int
    history_events: int
    faults: tuple[str, ...]


def run_machine(definition: Definition, behaviour: Behaviour, given: Circumstances) -> MachineResult:
    """Compile a definition and run the machine until it ends, or waits for a form."""
    kinds = {step.type: behaviour.kind(step) for step in definition.steps}
    compiled = compile_definition(definition, kinds)
    run = _MachineRun(definition, behaviour, given)
    started = run.started(compiled.rides.get(TRIGGER, ()))
    return run.finished(compiled.machine, started)


class _MachineRun:
    """One execution and the run it belongs to."""

    def __init__(self, definition: Definition, behaviour: Behaviour, given: Circumstances) -> None:
        self._definition = definition
        self._given = given
        self._course = MachineCourse(definition, behaviour, given)
        self._runner = StepRunner(self._course)
        self._simulation: Simulation | None = None

    def started(self, rides: tuple[str, ...]) -> JsonObject | None:
        """Start the run as start_run does; None when a step evaluated at its start failed."""
        self._runner.ride((), rides)
        try:
            answer = self._runner.answer(self._course.root, rides)
        except StateError:
            return None
        return {"run": "simulated", "version": "simulated:v1", **answer}

    def finished(self, machine: dict[str, Any], started: JsonObject | None) -> MachineResult:
        """Run the machine and close the run as run_events does."""
        if started is None:
            self._course.end(RunStatus.FAILED)
            return MachineResult(self._simulated(), 0, 0, ())
        conditions = Conditions(start_time=self._given.start_time, duration=self._duration)
        self._simulation = Simulation(machine, started, self._task, conditions)
        done = self._simulation.run(deadlines=False)
        self._course.catch_up(done.virtual_seconds)
        faults = list(self._runner.faults)
        if done.status not in ("RUNNING", "SUCCEEDED") and not self._has_failed():
            faults.append(f"the machine failed although no step did: {done.error}: {done.cause}")
        self._close(done.status)
        return MachineResult(self._simulated(), done.transitions, done.history_events, tuple(faults))

    def _close(self, status: str) -> None:
        """End the run as its execution ended; after a success with steps left it stays RUNNING."""
        course = self._course
        if course.status is not RunStatus.RUNNING or status == "RUNNING":
            return
        statuses = [state.status for frame in course.root.walk() for state in frame.states.values()]
        ended = run_status(course.status, statuses, runnable=bool(course.waiting))
        if status != "SUCCEEDED":
            course.end(RunStatus.FAILED)
        elif ended.ended:
            course.end(ended)

    def _has_failed(self) -> bool:
        if self._course.status is RunStatus.FAILED:
            return True
        frames = self._course.root.walk()
        return any(state.status is StepStatus.FAILED for frame in frames for state in frame.states.values())

    def _simulated(self) -> SimulatedRun:
        course = self._course
        return simulated_run(
            course.status, self._definition, course.root, course.executions, course.timeline.now
        )

    def _duration(self, task: TaskCall) -> float:
        call = _call_of(task)
        if self._course.kinds[call.step_id] is not StepKind.TASK:
            return 0.0
        return self._given.duration(call.step_id, call.iteration)

    def _task(self, task: TaskCall) -> JsonObject:
        """Do a Task's work; one that waits for a token gets its answer by the token."""
        simulation = self._simulation
        if simulation is None:
            raise AssertionError("a Task ran before the execution")
        self._course.catch_up(simulation.now)
        call = _call_of(task)
        frame, answer = self._runner.run(call)
        if task.token is not None and frame.states[call.step_id].status is not StepStatus.PENDING:
            simulation.send_success(task.token, answer)
        return answer


def _call_of(task: TaskCall) -> Call:
    payload = task.payload
    path = str(payload.get("iteration", ""))
    iteration = tuple(int(index) for index in path.split(".")) if path else ()
    return Call(payload["step"], iteration, tuple(payload.get("rides", ())), task.at)
