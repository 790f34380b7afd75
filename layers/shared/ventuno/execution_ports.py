"""Protocols of what runs and what starts runs by itself: state machines, schedules, steps tried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.compiler.contract import Capability
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.schedules.scheduler_form import Timing


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule of the clock: its unique name, when it fires, and what it sends, JSON text.

    `SCHEDULED_TIME` in the payload becomes the instant for which it fires, ISO 8601 in UTC.
    """

    name: str
    timing: Timing
    payload: str


SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


class Schedules(Protocol):
    """Schedules that call the function `scheduler` (EventBridge Scheduler)."""

    def create(self, schedule: Schedule) -> None:
        """Create a schedule; one of its name that exists already is success.

        Raises: StoreUnavailableError, ConfigurationError
        """

    def delete(self, name: str) -> None:
        """Delete a schedule; one that does not exist is success.

        Raises: StoreUnavailableError, ConfigurationError
        """


@dataclass(frozen=True, slots=True)
class Execution:
    """The state of one execution.

    `status` is Step Functions' own: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED.
    """

    status: str
    error: str | None = None
    cause: str | None = None


class Trials(Protocol):
    """Steps tried out where steps of runs are run, with what those may reach."""

    def try_step(self, step: JsonObject, values: Mapping[str, JsonValue]) -> JsonObject:
        """Try a step as it stands in a definition; the outcome is that of `runtime.try_step`.

        Raises: BadRequestError (it cannot be tried, or takes too long), StoreUnavailableError
        """


class Machines(Protocol):
    """State machines and their executions (Step Functions)."""

    def create(self, name: str, definition: str, capability: Capability, tags: Mapping[str, str]) -> str:
        """Create a state machine and return its ARN; the same name and definition again give the same ARN.

        It runs under the role of its capability.

        Raises: DefinitionError when the service refuses the definition, ConflictError when the name is taken
        """

    def delete(self, machine_arn: str) -> None:
        """Delete a state machine that nothing runs on; one that does not exist is success.

        Raises: StoreUnavailableError
        """

    def start(self, machine_arn: str, name: str, payload: str) -> None:
        """Start an execution; one of that name that exists already is success.

        Raises: MachineMissingError, StoreUnavailableError
        """

    def describe(self, machine_arn: str, name: str) -> Execution | None:
        """Return the state of an execution, or None when there is none of that name."""

    def answer(self, token: str, output: str) -> bool:
        """Let the state that waits with a task token go on; False when it waits no more.

        Raises: StoreUnavailableError
        """

    def refuse(self, token: str, error: str, cause: str) -> bool:
        """Let the state that waits with a task token fail; False when it waits no more.

        Raises: StoreUnavailableError
        """

    def stop(self, machine_arn: str, name: str, reason: str) -> None:
        """Abort an execution; one that has ended, or never was, is left as it is.

        Raises: StoreUnavailableError
        """

    def entered_states(self, machine_arn: str, name: str) -> list[str]:
        """List the names of the states an execution entered, in order; every one is a paid transition."""
