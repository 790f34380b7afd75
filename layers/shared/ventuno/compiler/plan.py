"""The neutral plan of a machine: what is done in which order, before any Step Functions syntax.

A `Scope` is a set of nodes that may go to one another, as states of one scope can.
Concurrency adds node types whose fields hold further scopes; control flow inside a scope is plain links.
Source: architecture, "From definition to machine".
"""

from __future__ import annotations

from dataclasses import dataclass

END = "#end"
"""The id of the node where a scope ends; no step id holds this sign."""


@dataclass(frozen=True, slots=True)
class CallStep:
    """Run one step in a Lambda call, which also evaluates the pure steps in `rides`."""

    step_id: str
    rides: tuple[str, ...]
    retries: int
    next: str


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """Go on where a FILTER matched, end the scope where it did not."""

    step_id: str
    matched: str
    stopped: str


@dataclass(frozen=True, slots=True)
class ReadBranch:
    """Go to the branch that an IF_ELSE took; `branches` holds one target per branch, by index."""

    step_id: str
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndScope:
    """Nothing is left to do in this scope."""

    step_id: str = END


Node = CallStep | ReadFilter | ReadBranch | EndScope


@dataclass(frozen=True, slots=True)
class Scope:
    """Nodes by step id, in authored order, and the one where the scope starts."""

    start: str
    nodes: dict[str, Node]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole machine; `rides` maps each host (the trigger too) to the pure steps its call evaluates."""

    root: Scope
    rides: dict[str, tuple[str, ...]]
