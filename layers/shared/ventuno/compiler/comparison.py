"""What the usual machine for a definition does: one Standard workflow with a Task for each step.

It is what to hold our figures against. Filters and branches cost it a Task that evaluates them and a Choice,
delays a Wait, loops a Map, several next steps a Parallel; nothing else is counted, so it is a cheap one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.definition.graph import Graph
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.model import Definition

_TRANSITIONS = {StepKind.FILTER: 2, StepKind.CHOICE: 2}
_CALLING = frozenset({StepKind.TASK, StepKind.FILTER, StepKind.CHOICE, StepKind.CALLBACK})


@dataclass(frozen=True, slots=True)
class Usual:
    """States entered and functions called on the path with the most steps, every loop with one iteration."""

    transitions: int
    calls: int


def one_task_per_step(definition: Definition, kinds: Mapping[str, StepKind]) -> Usual:
    """Count what the usual machine does in a run that takes the longest branches; retries are not counted."""
    graph = Graph(definition)
    taken = _longest_way(graph)
    kinds_taken = [kinds[definition.step(step).type] for step in taken if step != TRIGGER]
    forks = sum(len(_next(graph, node)) > 1 for node in taken)
    return Usual(
        transitions=forks + sum(_TRANSITIONS.get(kind, 1) for kind in kinds_taken),
        calls=sum(kind in _CALLING for kind in kinds_taken),
    )


def _longest_way(graph: Graph) -> list[str]:
    taken: dict[str, None] = {TRIGGER: None}
    todo = [TRIGGER]
    while todo:
        node = todo.pop()
        fresh = [target for target in [*_next(graph, node), *graph.entries(node)] if target not in taken]
        taken |= dict.fromkeys(fresh)
        todo += fresh
    return list(taken)


def _next(graph: Graph, node: str) -> list[str]:
    """List the next steps; of an IF_ELSE those of the branch that reaches the most steps."""
    branches = {edge.branch for edge in graph.out(node) if edge.branch is not None}
    if not branches:
        return graph.children(node)
    ways = [graph.children(node, branch) for branch in sorted(branches)]
    return max(ways, key=lambda way: len(set().union(*(graph.reachable_from(step) for step in way))))
