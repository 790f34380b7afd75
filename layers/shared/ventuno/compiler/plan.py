"""The neutral plan of a machine: what is done in which order, before any Step Functions syntax.

A `Scope` is a set of nodes that may go to one another, as states of one scope can; going is by node key.
Only concurrency and loops nest scopes. A node that can fail says where to go then; None lets the whole
scope fail.
Source: architecture, "From definition to machine".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.compiler.contract import EndKind


AnswerValue: TypeAlias = bool | int | str


@dataclass(frozen=True, slots=True)
class End:
    """The end of a scope."""

    kind: EndKind


@dataclass(frozen=True, slots=True)
class EndByAnswer:
    """The end of a scope whose kind the answers of pure steps tell, each with those before it."""

    step_id: str
    answers: tuple[tuple[tuple[tuple[str, AnswerValue], ...], EndKind], ...]


@dataclass(frozen=True, slots=True)
class CallStep:
    """Run one step in a Lambda call, which also evaluates the pure steps in `rides`."""

    step_id: str
    rides: tuple[str, ...]
    retries: int
    next: str
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class AwaitForm:
    """Wait for a form to be submitted; whoever submits it evaluates `rides`."""

    step_id: str
    rides: tuple[str, ...]
    retries: int
    timeout_seconds: int
    next: str
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a pure step's answer leads: true or false, the index of a branch, or FAILED.

    `after` are the answers of the steps before it that lead to it.
    """

    step_id: str
    value: AnswerValue
    next: str
    after: tuple[tuple[str, AnswerValue], ...] = ()

    @property
    def path(self) -> tuple[tuple[str, AnswerValue], ...]:
        """All answers that lead this way, in order."""
        return (*self.after, (self.step_id, self.value))


class Told(IntEnum):
    """Who else learns that a pure step failed.

    BY_CALL: its own call fails.
    BY_RUN:  outside loops, a stored failure fails the run once everything beside it has ended.
    HERE:    nobody; it must be read.
    """

    BY_CALL = 0
    BY_RUN = 1
    HERE = 2


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """Go where the answers of pure steps lead."""

    step_id: str
    answers: tuple[Answer, ...]
    failure: Told


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Wait for the instant that a DELAY's host has stored."""

    step_id: str
    next: str


@dataclass(frozen=True, slots=True)
class Fork:
    """Run branches at once and wait for all; go on when none failed."""

    branches: tuple[Scope, ...]
    next: str
    failed: str | None


@dataclass(frozen=True, slots=True)
class ReadLive:
    """After a fork: go on with the join if some branch arrived live."""

    live: str
    dead: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Run a body once per item of an iterator whose call has counted them.

    `nested` says that it is in another loop, `siblings` counts the loops that share its execution's history,
    `count` is the number of items where the author wrote them down, `gathers` says that a failed iteration
    lets those beside it end, and no further one begins; `in_rounds` that it stands in a part that rounds run.
    """

    step_id: str
    body: Scope
    concurrency: int
    nested: bool
    siblings: int
    count: int | None
    gathers: bool
    next: str
    failed: str | None = None
    in_rounds: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """In rounds: a loop, and the key of the node that runs its body, or runs it beside further rounds."""

    step_id: str
    next: str


@dataclass(frozen=True, slots=True)
class Beside:
    """In rounds: run a loop that waits, of those in `loops`, and in another branch what rounds find ready."""

    loops: Scope
    rounds: Scope
    next: str

    @property
    def branches(self) -> tuple[Scope, ...]:
        """Both branches."""
        return self.loops, self.rounds


@dataclass(frozen=True, slots=True)
class ReadTurn:
    """Go to the loop whose turn it is."""

    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class LoopOver:
    """End a scope by telling the rounds beside it, of the part with these entries, that its loop is over."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Run a part that no nesting expresses: whatever is ready, then a loop or a wait, then again.

    `entries` are the steps it begins with, and name it. The counts are of its steps: those that no other call
    takes along, the retries of all together, and those that wait.
    """

    entries: tuple[str, ...]
    loops: tuple[Turn, ...]
    calls: int
    retries: int
    delays: int
    forms: int
    arrived: str
    dead: str
    failed: str

    @property
    def waits(self) -> int:
        """How often it may wait."""
        return self.delays + self.forms + self.retries


Node: TypeAlias = (
    End
    | EndByAnswer
    | CallStep
    | AwaitForm
    | ReadAnswers
    | WaitUntil
    | Fork
    | ReadLive
    | Loop
    | Rounds
    | Beside
    | ReadTurn
    | LoopOver
)


@dataclass(slots=True)
class Scope:
    """Nodes by key, and the key of the one where the scope starts; filled when all in it is planned."""

    start: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole machine; `rides` maps each host (the trigger too) to the pure steps its call evaluates."""

    root: Scope
    rides: dict[str, tuple[str, ...]]

    def loops(self) -> Iterator[Loop]:
        """Yield every loop, outer ones first."""
        todo = [self.root]
        while todo:
            for node in todo.pop().nodes.values():
                if isinstance(node, Fork | Beside):
                    todo += node.branches
                elif isinstance(node, Loop):
                    yield node
                    todo.append(node.body)
