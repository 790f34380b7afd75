"""What is stored of a run and of each step that did something; nothing is stored for steps that did not.

A step that rides along (a filter, an if/else) is stored inside its host's item, so one call is one write.
Source: reference §1.1; architecture, Data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue

DELAY, FORM, RETRY = "DELAY", "FORM", "RETRY"
"""What a step can wait for."""

AWAITED = "awaited:"
"""How the token of a form begins that no state of a machine waits for alone."""

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

    def told(self) -> JsonObject:
        """Return the entry of the reference's `history`."""
        fields: JsonObject = {
            "status": self.status.value,
            "error": self.error,
            "retryAttempt": self.retry_attempt,
        }
        return {key: value for key, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class StepState:
    """What one step did in one iteration.

    `iteration` is as in `runs.places`. `riders` are the pure steps evaluated by the same call.
    `count` is the number of an iterator's items, which stays RUNNING here: what becomes of it is told by its
    body; `over` says of one that runs beside rounds that it has ended, and whether well.
    `waiting_for` says why a step is PENDING, as the reference's users see it:
    {type: DELAY, until}, {type: FORM, since, until?, assignee?} or {type: RETRY, attempt, of, at}.
    `token` is a form's task token and never leaves the server, `rides` what its answer evaluates too;
    `alone` says that nothing else leads to those.
    `untold` says of an answered form that its machine may not know yet.
    `link` is the secret in the address of a form's page; `form` is the form as it is asked, where that is not
    as it was authored.
    `riders_due` says that the riders are to be evaluated anew although the step is done.
    `calls` counts the AWS requests of that call by "<service>:<Operation>"; `log` is what the step told;
    `usage` is what all its tries used, such as the tokens of a model, by name.
    """

    step_id: str
    status: StepStatus
    iteration: str = ""
    result: Stored | None = None
    error: JsonValue = None
    branch: int | None = None
    rescued: bool = False
    count: int | None = None
    over: bool | None = None
    waiting_for: JsonObject | None = None
    token: str | None = None
    rides: tuple[str, ...] = ()
    alone: bool = False
    link: str | None = None
    untold: bool = False
    form: Stored | None = None
    riders_due: bool = False
    history: tuple[Attempt, ...] = ()
    riders: tuple[StepState, ...] = ()
    started_at: str | None = None
    ended_at: str | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    log: Stored | None = None
    usage: Mapping[str, int] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the step ran."""
        return Place(self.step_id, self.iteration)

    @property
    def open(self) -> bool:
        """Whether the step is to be called again: after a failure, or with a form's answer."""
        waits_for_time = self.waiting_for is not None and self.waiting_for["type"] == DELAY
        return self.status in (StepStatus.PENDING, StepStatus.NOT_STARTED) and not waits_for_time

    @property
    def tries(self) -> int:
        """How often the step has failed since it was last started or retried by hand."""
        waiting: Any = self.waiting_for
        return waiting["attempt"] if waiting is not None and waiting["type"] == RETRY else 0

    @property
    def harmless(self) -> bool:
        """Whether what follows the step may run."""
        return self.rescued or self.status not in (StepStatus.FAILED, StepStatus.FAILED_SAFELY)

    @property
    def awaited(self) -> bool:
        """Whether it is a form that is awaited with others, so that its token is no task token."""
        return self.token is not None and self.token.startswith(AWAITED)

    @property
    def asks(self) -> bool:
        """Whether it is a form that waits for its answer."""
        return self.status is StepStatus.PENDING and self.token is not None


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The immutable version a run executes.

    A test runs a copy of a draft, which may change meanwhile: `snapshot` begins the digest of what it said.
    """

    workflow_id: str
    number: int
    snapshot: str = ""

    def __str__(self) -> str:
        return f"{self.workflow_id}:v{self.number}{'~' if self.snapshot else ''}{self.snapshot}"

    @classmethod
    def parse(cls, text: str) -> VersionRef:
        """Read the text form back. Raises: ValueError"""
        workflow_id, _, version = text.rpartition(":v")
        number, _, snapshot = version.partition("~")
        return cls(workflow_id, int(number), snapshot)


@dataclass(frozen=True, slots=True)
class ChainCut:
    """What a run would have started through a record it wrote, if its chain of runs were not too long."""

    event: str
    record_id: str
    workflows: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one version.

    Units: `started_at`, `ended_at` are ISO 8601 UTC instants; `expires_at` is in epoch seconds.
    `attempt` counts the executions started for this run before the current one; `failed` names the steps
    that have failed for good, which fails the run once everything beside them has ended, `broken` the loops
    with parallel iterations that start no further one.
    `causation` is the chain of runs that led here, oldest first, this run last.
    `holds_place` says that it takes one of the places of a workflow whose runs at once are limited,
    `candidate` that it was started on a version that is rolled out, `refused` that it failed because its
    workflow had started too many: nothing of it has run.
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
    failed: frozenset[Place] = frozenset()
    broken: frozenset[Place] = frozenset()
    test: bool = False
    cut: ChainCut | None = None
    holds_place: bool = False
    candidate: bool = False
    refused: bool = False

    @property
    def execution_name(self) -> str:
        """The name of the current execution: the run's id, then one suffix per resume."""
        return self.id if self.attempt == 0 else f"{self.id}-r{self.attempt}"


class ChunkKey(NamedTuple):
    """Some items of an iterator: `iteration` is that of the iterator itself, `number` counts chunks."""

    iterator: str
    iteration: str
    number: int


@dataclass(frozen=True)
class LoadedRun:
    """A run with some or all of its step states, and the chunks of items that were asked for.

    `whole` is False where iterations were left out because there are too many.
    """

    run: Run
    states: tuple[StepState, ...]
    chunks: Mapping[ChunkKey, Stored] = field(default_factory=dict)
    whole: bool = True

    @cached_property
    def by_place(self) -> dict[Place, StepState]:
        """Index the states, riders included: every step stands under its own id."""
        every = [*self.run.start_riders, *self.states]
        return {state.place: state for host in every for state in (host, *host.riders)}

    @property
    def has_begun_loops(self) -> bool:
        """Whether states inside loops may be there: that of a loop, with its count, is stored first."""
        return any(state.count is not None for state in self.by_place.values())
