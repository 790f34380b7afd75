"""What is stored of a run and of each step that did something; nothing is stored for steps that did not.

A step that rides along (a filter, an if/else) is stored inside its host's item, so one call is one write.
Source: reference §1.1; architecture, Data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno.engine.settle import Reached
from ventuno.engine.statuses import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue

START = "trigger"
"""The host id under which steps evaluated at the start of the run are stored."""


@dataclass(frozen=True, slots=True)
class PayloadRef:
    """A claim check: where a value too big for the store lies.

    Item: {"$ref": key in the payload bucket, "sha256": hex, "bytes": n}
    """

    key: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Inline:
    """A value kept as JSON text in the item itself: exact, small, and cheap to write."""

    text: str


Stored = Inline | PayloadRef


@dataclass(frozen=True, slots=True)
class Attempt:
    """One earlier try of a step, kept in its history."""

    status: StepStatus
    error: JsonValue = None
    result: Stored | None = None
    retry_attempt: int | None = None


@dataclass(frozen=True, slots=True)
class StepState:
    """What one step did in one iteration.

    `iteration` is "" outside loops. `riders` are the pure steps evaluated by the same call.
    `calls` counts the AWS requests of that call by "<service>:<Operation>".
    """

    step_id: str
    status: StepStatus
    iteration: str = ""
    result: Stored | None = None
    error: JsonValue = None
    branch: int | None = None
    rescued: bool = False
    history: tuple[Attempt, ...] = ()
    riders: tuple[StepState, ...] = ()
    started_at: str | None = None
    ended_at: str | None = None
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether the step will not run again by itself."""
        return self.status not in (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.NOT_STARTED)

    def reached(self) -> Reached:
        """Return what the run rules need to know."""
        return Reached(self.status, self.branch, self.rescued)


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The immutable version a run executes."""

    workflow_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.workflow_id}:v{self.number}"

    @classmethod
    def parse(cls, text: str) -> VersionRef:
        """Read the text form back. Raises: ValueError"""
        workflow_id, _, number = text.rpartition(":v")
        return cls(workflow_id, int(number))


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one version.

    Units: `started_at`, `ended_at` are ISO 8601 UTC instants; `expires_at` is in epoch seconds.
    `attempt` counts the executions started for this run before the current one.
    """

    id: str
    name: str
    version: VersionRef
    machine_arn: str
    status: RunStatus
    payload: Stored
    created_by: JsonObject
    started_at: str
    expires_at: int
    start_riders: tuple[StepState, ...] = ()
    attempt: int = 0
    ended_at: str | None = None
    error: str | None = None
    causation: tuple[str, ...] = ()
    test: bool = False

    @property
    def execution_name(self) -> str:
        """The name of the current execution: the run's id, then one suffix per resume."""
        return self.id if self.attempt == 0 else f"{self.id}-r{self.attempt}"


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """A run with some or all of its step states, hosts unpacked: every step stands under its own id."""

    run: Run
    states: tuple[StepState, ...]

    def by_step(self) -> dict[str, StepState]:
        """Index the states outside loops by step, riders included."""
        every = [*self.run.start_riders, *self.states]
        flat = [state for host in every for state in (host, *host.riders)]
        return {state.step_id: state for state in flat if state.iteration == ""}
