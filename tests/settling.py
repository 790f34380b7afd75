"""What the run rules make of a run: the status of every step once those that did something are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.definition.model import TRIGGER
from ventuno.engine.reached import Reached, status_over
from ventuno.engine.rules import Decision, decide
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.graph import Graph

_DERIVED = {
    Decision.FAIL_SAFELY: StepStatus.FAILED_SAFELY,
    Decision.SKIP: StepStatus.SKIPPED,
    Decision.WAIT: StepStatus.NOT_STARTED,
}


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
