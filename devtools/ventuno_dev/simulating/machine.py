"""Run the compiled machine of a definition: its states by the ASL interpreter, its Tasks by the use cases.

Only the work of the steps is replaced, and time and stores are virtual.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.compiler.compile import compile_definition
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import check_in
from ventuno.runs.places import indexes_of
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.load_run import load_run
from ventuno.runtime.machine_call import machine_call
from ventuno.runtime.services import instant
from ventuno.runtime.start_run import RUN_FAILED, Start, start_run
from ventuno.workflow.model import ActiveVersion, Version, VersionStatus, Workflow
from ventuno_dev.asl.errors import StateError
from ventuno_dev.asl.simulation import Conditions, Simulation, TokenError
from ventuno_dev.simulating.chosen_work import ChosenWork
from ventuno_dev.simulating.deployment import SimulatedMachines, VirtualClock, simulated_services
from ventuno_dev.simulating.telling import told_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.compiler.compile import Compiled
    from ventuno.definition.model import Definition
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.circumstances import Circumstances
    from ventuno.engine.simulated import SimulatedRun
    from ventuno.runs.model import Run
    from ventuno_dev.asl.simulation import MachineRun
    from ventuno_dev.asl.world import TaskCall
    from ventuno_dev.simulating.deployment import Started

_ACTOR = {"source": "MANUAL", "name": "Simulation"}


@dataclass(frozen=True, slots=True)
class MachineResult:
    """What the run came to, and what it took; `faults` tell what the machine did against the run rules."""

    run: SimulatedRun
    transitions: int
    history_events: int
    faults: tuple[str, ...]


def run_machine(definition: Definition, behaviour: Behaviour, given: Circumstances) -> MachineResult:
    """Compile a definition and run the machine until it ends, or waits for a form."""
    running = RunningMachine(definition, behaviour, given)
    running.simulate()
    return running.result()


class RunningMachine:
    """One run of one definition in a deployment of its own.

    With a `seed`, what happens at one instant happens in shuffled order.
    """

    def __init__(
        self, definition: Definition, behaviour: Behaviour, given: Circumstances, seed: int | None = None
    ) -> None:
        self._definition = definition
        self._behaviour = behaviour
        self._given = given
        self._seed = seed
        self._clock = VirtualClock(given.start_time)
        self._machines = SimulatedMachines()
        self._work = ChosenWork(behaviour, given.outcomes, self._clock)
        self.services = simulated_services(self._clock, self._machines, self._work)
        self._simulation: Simulation | None = None
        self._ended: MachineRun | None = None
        self._acts: list[tuple[float, Callable[[], None]]] = []
        kinds = {step.type: behaviour.kind(step) for step in definition.steps}
        self._compiled = compile_definition(definition, kinds)
        workflow = _published(definition, self._compiled, self)
        self.run: Run = start_run(Start(workflow, given.payload, {**_ACTOR}), self.services).run

    def at(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen from outside, some virtual seconds after the start."""

        def happen() -> None:
            self._clock.move_to(seconds)
            act()

        self._acts.append((seconds, happen))

    def simulate(self) -> None:
        """Run the machine until it ends or waits for a form, then deliver the news of its end."""
        if not self._machines.started:
            return  # the run ended when it started
        started = self._machines.started[-1]
        conditions = Conditions(
            name=started.name,
            start_time=self._given.start_time,
            seed=self._seed,
            duration=self._duration,
            is_timer=lambda task: task.payload.get("timed", False),
        )
        self._simulation = simulation = Simulation(
            self._compiled.machine, json.loads(started.payload), self._task, conditions
        )
        self._machines.answered = lambda token, output: _sent(
            simulation.send_success, token, json.loads(output)
        )
        self._machines.refused = lambda *refusal: _sent(simulation.send_failure, *refusal)
        for seconds, act in self._acts:
            simulation.at(seconds, act)
        self._ended = simulation.run(deadlines=False)
        self._clock.move_to(self._ended.virtual_seconds)
        close_run(_news(started, self._ended), self.services)

    def result(self) -> MachineResult:
        """Tell how the run went."""
        whole = load_run(self.run.id, self.services, most=None)
        told = told_run(whole, self.services, self._given.start_time, [*self._work.order])
        ended = self._ended
        if ended is None:
            return MachineResult(told, 0, 0, ())
        faults = []
        if told.status is RunStatus.FAILED and whole.loaded.run.error != RUN_FAILED:
            faults.append(f"the machine failed although no step did: {whole.loaded.run.error}")
        if ended.status == "SUCCEEDED" and not told.status.ended:
            faults.append("the machine ended although steps are left")
        return MachineResult(told, ended.transitions, ended.history_events, tuple(faults))

    def _duration(self, task: TaskCall) -> float:
        if "part" in task.payload:
            return 0.0  # its steps run one after another, whatever they take
        step = self._definition.step(task.payload["step"])
        if self._behaviour.kind(step) is not StepKind.TASK:
            return 0.0
        return self._given.duration(step.id, indexes_of(task.payload.get("iteration", "")))

    def _task(self, task: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        self._clock.move_to(task.at)
        try:
            answer = machine_call(task.payload, self.services)
        except errors.StepError as error:
            raise StateError(type(error).__name__, json.dumps({"errorMessage": str(error)})) from error
        return json.loads(json.dumps(answer))


def _sent(send: Callable[..., None], *given: Any) -> bool:  # noqa: ANN401 - what `send` takes
    try:
        send(*given)
    except TokenError:
        return False
    return True


def _published(definition: Definition, compiled: Compiled, running: RunningMachine) -> Workflow:
    """Store a definition as an active version; settings that nothing evaluates are not judged."""
    services = running.services
    workflow_id, now = services.ids.new_id(), instant(services.clock)
    stored = check_in(definition.to_dict(), f"versions/{workflow_id}/1", services.payloads)
    arn = services.machines.create("simulated", compiled.deployed, compiled.capability, {})
    version = Version(workflow_id, 1, VersionStatus.ACTIVE, stored, "", now, arn, compiled.rides)
    active = ActiveVersion(1, arn, definition.trigger.type, {}, TRIGGER in compiled.rides)
    workflow = Workflow(workflow_id, "simulated", definition.name, latest_number=1, active=active)
    services.workflows.create(workflow, version)
    return workflow


def _news(started: Started, ended: MachineRun) -> ExecutionEnded:
    return ExecutionEnded.model_validate(
        {
            "executionArn": started.machine_arn.replace("stateMachine", "execution") + f":{started.name}",
            "stateMachineArn": started.machine_arn,
            "name": started.name,
            "status": ended.status,
            "input": started.payload,
            "error": ended.error,
            "cause": ended.cause,
        }
    )
