"""FakeMachines: the Machines port that remembers what it was asked and refuses what it is told to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ventuno import errors
from ventuno.execution_ports import Execution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.compiler.contract import Capability

PREFIX = "arn:aws:states:us-east-1:123456789012:stateMachine:"


@dataclass(frozen=True, slots=True)
class CreatedMachine:
    """One machine as it was created last."""

    name: str
    definition: str
    capability: Capability
    tags: dict[str, str]


class StartedExecution(NamedTuple):
    """One execution that was started."""

    machine_arn: str
    name: str
    payload: str


class FakeMachines:
    """Machines by ARN and their executions; `refusal` is raised by `start` and `describe` while it is set."""

    def __init__(self) -> None:
        self.created: dict[str, CreatedMachine] = {}
        self.started: list[StartedExecution] = []
        self.executions: dict[tuple[str, str], Execution] = {}
        self.entered: dict[tuple[str, str], list[str]] = {}
        self.answers: dict[str, str] = {}
        self.on_answer: Callable[[str, str], None] | None = None
        self.refusal: errors.VentunoError | None = None

    def create(self, name: str, definition: str, capability: Capability, tags: Mapping[str, str]) -> str:
        """Create a machine, or replace the one of this name."""
        arn = PREFIX + name
        self.created[arn] = CreatedMachine(name, definition, capability, dict(tags))
        return arn

    def delete(self, machine_arn: str) -> None:
        """Forget a machine, if there is one."""
        self.created.pop(machine_arn, None)

    def start(self, machine_arn: str, name: str, payload: str) -> None:
        """Start an execution. Raises: MachineMissingError, or what `refusal` holds"""
        if self.refusal is not None:
            raise self.refusal
        if machine_arn not in self.created:
            raise errors.MachineMissingError(f"the state machine {machine_arn} does not exist")
        if (machine_arn, name) not in self.executions:
            self.executions[machine_arn, name] = Execution("RUNNING")
            self.started.append(StartedExecution(machine_arn, name, payload))

    def describe(self, machine_arn: str, name: str) -> Execution | None:
        """Return the state of an execution. Raises: what `refusal` holds"""
        if self.refusal is not None:
            raise self.refusal
        return self.executions.get((machine_arn, name))

    def answer(self, token: str, output: str) -> bool:
        """Remember the first answer to a token."""
        if token in self.answers:
            return False
        self.answers[token] = output
        if self.on_answer is not None:
            self.on_answer(token, output)
        return True

    def refuse(self, token: str, error: str, cause: str) -> bool:
        """Remember the first refusal of a token."""
        return self.answer(token, f"{error}: {cause}")

    def stop(self, machine_arn: str, name: str, reason: str) -> None:
        """Abort an execution that runs."""
        if self.executions.get((machine_arn, name)) == Execution("RUNNING"):
            self.executions[machine_arn, name] = Execution("ABORTED", "Stopped", reason)

    def entered_states(self, machine_arn: str, name: str) -> list[str]:
        """List the states a test said were entered."""
        return self.entered.get((machine_arn, name), [])

    def end(self, started: StartedExecution, execution: Execution) -> None:
        """Let an execution end."""
        self.executions[started.machine_arn, started.name] = execution
