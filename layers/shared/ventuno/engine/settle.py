"""Derive what nobody stored: which steps are skipped, failed safely, or about to run.

Only steps that did something are stored. Everything else follows from them, so it costs no write
and can never disagree with the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.definition.model import TRIGGER
from ventuno.engine.rules import Decision, decide
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.graph import Edge, Graph

_DERIVED = {
    Decision.FAIL_SAFELY: StepStatus.FAILED_SAFELY,
    Decision.SKIP: StepStatus.SKIPPED,
    Decision.WAIT: StepStatus.NOT_STARTED,
}


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of a step that did something.

    `branch` is the index an IF_ELSE took; `rescued` says that continueOnFailure turned its error harmless.
    """

    status: StepStatus
    branch: int | None = None
    rescued: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The status of every step, and which of them may start now."""

    statuses: dict[str, StepStatus]
    ready: tuple[str, ...]


def settle(graph: Graph, reached: Mapping[str, Reached]) -> Settled:
    """Give every step a status, in topological order, once the stored ones are known."""
    known: dict[str, Reached] = {TRIGGER: Reached(StepStatus.SUCCESS)}
    ready: list[str] = []
    for node in graph.order:
        if node == TRIGGER:
            continue
        known[node] = reached.get(node) or _derived(graph, node, known, ready)
    statuses = {step: StepStatus.NOT_STARTED for step in graph.nodes if step != TRIGGER}
    statuses.update((step, state.status) for step, state in known.items() if step != TRIGGER)
    return Settled(statuses, tuple(ready))


def _derived(graph: Graph, node: str, known: Mapping[str, Reached], ready: list[str]) -> Reached:
    edges = graph.into(node)
    if not edges:  # no path leads here: only the trigger starts by itself
        return Reached(StepStatus.NOT_STARTED)
    parents = [edge for edge in edges if edge.source != TRIGGER]  # the trigger is none, reference §4.2
    decision = decide([status_over(edge, known[edge.source]) for edge in parents])
    if decision is Decision.EXECUTE:
        ready.append(node)
        return Reached(StepStatus.NOT_STARTED)
    return Reached(_DERIVED[decision])


def status_over(edge: Edge, parent: Reached) -> StepStatus:
    """Tell what a parent counts as for the child at the end of this edge."""
    if parent.rescued:
        return StepStatus.SUCCESS
    not_taken = (
        edge.branch is not None and parent.status is StepStatus.SUCCESS and edge.branch != parent.branch
    )
    return StepStatus.SKIPPED if not_taken else parent.status
