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
COUNT = "count"
"""Stands for any number: a loop's items are counted, and its body has not run."""

SET = "set"
"""Stands for any value of a mark: of a delay, that its end is known."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a scope."""

    kind: EndKind


@dataclass(frozen=True, slots=True)
class Mark:
    """What a serialised region remembers of a step: the answer of `answer`, or where that is None true."""

    name: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class EndByAnswer:
    """The end of a scope whose kind the answers of pure steps tell, each with those before it."""

    step_id: str
    answers: tuple[tuple[tuple[tuple[str, AnswerValue], ...], EndKind], ...]


@dataclass(frozen=True, slots=True)
class CallStep:
    """Run one step in a Lambda call, which also evaluates the pure steps in `rides`.

    `marks` are, in a serialised region, what is remembered of the step, then of its riders.
    """

    step_id: str
    rides: tuple[str, ...]
    retries: int
    next: str
    failed: str | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class AwaitForm:
    """Wait for a form to be submitted; whoever submits it evaluates `rides`."""

    step_id: str
    rides: tuple[str, ...]
    retries: int
    timeout_seconds: int
    next: str
    failed: str | None = None
    marks: tuple[Mark, ...] = ()


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
    """Wait for the instant that a DELAY's host has stored; in a serialised region its mark holds it."""

    step_id: str
    next: str
    mark: str | None = None


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
    lets those beside it end, and no further one begins.
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
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a dispatch: go there if the condition holds."""

    condition: Condition
    next: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """In a serialised region: go to the first node whose turn it is."""

    rules: tuple[Rule, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A step's mark has this value: true, the index of a branch, FAILED, or any value for SET."""

    mark: str
    value: bool | int | str


@dataclass(frozen=True, slots=True)
class Condition:
    """Some of `any_of` is remembered (empty means yes) and none of `none_failed` is remembered as failed.

    In rounds also: nothing is remembered of `undone`, and none of `none_open` still waits.
    """

    any_of: tuple[Remembered, ...] = ()
    none_failed: tuple[str, ...] = ()
    undone: str | None = None
    none_open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AwaitedForm:
    """A form that is awaited with others; `marks` are its own and those of the steps its answer evaluates."""

    step_id: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """In a serialised region with several waits: run what can run, then wait for the next of them, again.

    `turns` lead to the region's steps, which lead back here; `delays` are the marks of its delays.
    """

    step_id: str
    turns: tuple[Rule, ...]
    delays: tuple[str, ...]
    forms: tuple[AwaitedForm, ...]
    exits: tuple[Rule, ...]
    default: str


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
    | Dispatch
    | Rounds
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
                if isinstance(node, Fork):
                    todo += node.branches
                elif isinstance(node, Loop):
                    yield node
                    todo.append(node.body)
