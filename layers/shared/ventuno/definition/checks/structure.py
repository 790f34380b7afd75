"""Rules about the graph: everything linked, everything reachable, nothing that circles or decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.findings import Finding, Severity
from ventuno.definition.graph import IF_ELSE, Graph, branch_targets, written_edges
from ventuno.definition.model import TRIGGER, Definition
from ventuno.expressions.showing import shown
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIN_BRANCHES = 2


def no_steps(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """NO_STEPS."""
    del graph
    if not definition.steps:
        yield Finding("NO_STEPS", "$.steps", "the workflow has no step; add one and link the trigger to it")


def duplicate_ids(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """DUPLICATE_STEP_ID."""
    del graph
    seen = {TRIGGER}
    for position, step in enumerate(definition.steps):
        if step.id in seen:
            message = f'the id "{step.id}" is taken; give this step another id and correct the links to it'
            yield Finding("DUPLICATE_STEP_ID", f"$.steps[{position}].id", message)
        seen.add(step.id)


def dangling_links(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """DANGLING_REFERENCE."""
    steps = {node for node in graph.nodes if node != TRIGGER}
    for edge in written_edges(definition):
        if edge.target not in steps:
            message = (
                f'there is no step "{shown(edge.target)}"; link to a step that exists or remove the link'
            )
            yield Finding("DANGLING_REFERENCE", edge.path, message, nearest(edge.target, steps))


def no_first_step(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """TRIGGER_HAS_NO_NEXT_STEP."""
    if definition.steps and graph.reachable == {TRIGGER}:
        message = "nothing follows the trigger; name the first step in its nextStepIds"
        first = next((node for node in graph.nodes if node != TRIGGER and not graph.into(node)), None)
        yield Finding("TRIGGER_HAS_NO_NEXT_STEP", "$.trigger.nextStepIds", message, first)


def unreachable_steps(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """UNREACHABLE_STEP."""
    for position, step in enumerate(definition.steps):
        if step.id not in graph.reachable:
            message = f'no path from the trigger leads to "{step.id}"; link a step to it or delete it'
            yield Finding("UNREACHABLE_STEP", f"$.steps[{position}]", message)


def cycles(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """STEP_CYCLE, once for the circle's authored first step."""
    blocked = set(graph.nodes) - set(graph.order)
    for position, step in enumerate(definition.steps):
        if step.id in blocked and any(
            step.id in graph.reachable_from(edge.target) for edge in graph.out(step.id)
        ):
            message = (
                f'"{step.id}" leads back to itself; a run would never end, so remove one link of the circle'
            )
            yield Finding("STEP_CYCLE", f"$.steps[{position}].nextStepIds", message)
            return


def branches(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """IF_ELSE_INSUFFICIENT_BRANCHES, IF_ELSE_BRANCH_HAS_NO_NEXT_STEP."""
    del graph
    for position, step in enumerate(definition.steps):
        if step.type != IF_ELSE:
            continue
        path = f"$.steps[{position}].settings.input.branches"
        targets = branch_targets(step)
        if len(targets) < _MIN_BRANCHES:
            message = "an IF_ELSE needs at least two branches, the last one without filterGroupId as the else"
            yield Finding("IF_ELSE_INSUFFICIENT_BRANCHES", path, message, severity=Severity.WARNING)
        for index, ids in enumerate(targets):
            if not ids:
                message = "nothing follows this branch; the run ends there"
                yield Finding(
                    "IF_ELSE_BRANCH_HAS_NO_NEXT_STEP", f"{path}[{index}]", message, severity=Severity.WARNING
                )
