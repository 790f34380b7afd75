"""What is certain to have run before a step: all that stands on every way to it, and forks beside it.

A step waits for all its parents, so a branch that nothing can stop has run when what follows the merge runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from ventuno.definition.graph import Edge, Graph


def runs_before(graph: Graph, step: str, node: str) -> bool:
    """Whether `step` has run whenever `node` runs, if nothing failed that the run goes on without.

    Source: reference §4.3
    """
    if graph.dominators.before(step, node):
        return True
    if step == node or node not in graph.reachable_from(step):
        return False
    seen, todo = {step}, [step]
    while todo:
        for edge in graph.into(todo.pop()):
            if edge.source in seen or _is_decided(edge, graph, node):
                continue
            if edge.source == TRIGGER or graph.dominators.before(edge.source, node):
                return True
            seen.add(edge.source)
            todo.append(edge.source)
    return False


def _is_decided(edge: Edge, graph: Graph, node: str) -> bool:
    """Whether what runs may leave a link out: a filter, a branch, or a loop that may have no item."""
    outside = edge.enters_loop and edge.source not in graph.loops.around(node)
    return edge.branch is not None or edge.source in graph.filters or outside
