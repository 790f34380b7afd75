"""Rules about iterator loops: a body that starts, comes back, and lies wholly inside or beside another.

A machine runs a body as a unit, so nothing may enter or leave it but through its iterator.
Source: decisions, Engine (Iterator); reference §1.6, §4.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.findings import Finding
from ventuno.definition.graph import ITERATOR, Graph, loop_entries, written_edges
from ventuno.definition.model import TRIGGER, Definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.graph import Edge

_ENTRIES = "settings.input.initialLoopStepIds"


def loop_bodies(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """ITERATOR_MISSING_LOOP_BODY, LOOP_BODY_NEVER_RETURNS."""
    for position, step in enumerate(definition.steps):
        if step.type != ITERATOR:
            continue
        path = f"$.steps[{position}].{_ENTRIES}"
        if not loop_entries(step):
            message = f'"{step.id}" has no body; name the first step of each pass in initialLoopStepIds'
            yield Finding("ITERATOR_MISSING_LOOP_BODY", path, message)
        elif graph.entries(step.id) and not _returns(graph, step.id):
            message = f'no step of the body leads back to "{step.id}"; add it to the last step\'s nextStepIds'
            yield Finding("LOOP_BODY_NEVER_RETURNS", path, message)


def _returns(graph: Graph, iterator: str) -> bool:
    return any(edge.target == iterator for edge in graph.returning)


def loop_borders(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """LOOP_BODIES_OVERLAP, LOOP_BORDER_CROSSED, at most one per loop or link."""
    overlapping = set(graph.loops.overlapping)
    for position, step in enumerate(definition.steps):
        if step.id in overlapping:
            message = (
                f'the body of "{step.id}" shares steps with another loop; '
                "a loop lies wholly inside another one or beside it"
            )
            yield Finding("LOOP_BODIES_OVERLAP", f"$.steps[{position}].{_ENTRIES}", message)
    if overlapping:
        return  # which loop a step belongs to is undecided, so borders mean nothing
    known = set(graph.nodes)
    for edge in written_edges(definition):
        if edge.target in known and not _stays(graph, edge):
            yield Finding("LOOP_BORDER_CROSSED", edge.path, _crossing(graph, edge))


def _stays(graph: Graph, edge: Edge) -> bool:
    """Whether a link keeps its loop, starts its iterator's body, or ends an iteration of the inner loop."""
    inner = graph.loops.inner
    home, target = inner.get(edge.source), inner.get(edge.target)
    if edge.enters_loop:
        return target == edge.source
    return home in (target, edge.target)


def _crossing(graph: Graph, edge: Edge) -> str:
    inner = graph.loops.inner
    around = inner.get(edge.target)
    if around is not None and edge.source not in graph.loops.members[around]:
        source = "the trigger" if edge.source == TRIGGER else f'"{edge.source}"'
        return (
            f'"{edge.target}" is in the body of "{around}", but {source} leads to it from outside; '
            f'lead to "{around}" instead, or take the step out of the body'
        )
    return (
        f'"{edge.target}" lies outside the innermost loop "{inner.get(edge.source)}" of "{edge.source}"; '
        "lead back to that iterator, and let its nextStepIds go on"
    )
