"""Graph → plan: each step becomes one node, pure steps ride with the call before them.

Rules of this stage:
- a TASK is a call; a FILTER or CHOICE is only the reading of an answer the call before it left;
  a PURE step leaves no node at all;
- a merge is nothing but two links to the same node, because only one of them is ever taken;
- a node nobody can reach is never planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.plan import END, CallStep, EndScope, Node, Plan, ReadBranch, ReadFilter, Scope
from ventuno.definition.graph import Graph, branch_targets
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER, Definition

if TYPE_CHECKING:
    from collections.abc import Mapping


class Planner:
    """Plans one definition; `kinds` tells how each action type takes part in a machine."""

    def __init__(self, definition: Definition, kinds: Mapping[str, StepKind]) -> None:
        self._definition = definition
        self._graph = Graph(definition)
        self._kind = {step.id: kinds[step.type] for step in definition.steps}
        self._kind[TRIGGER] = StepKind.TASK
        self._rank = {node: index for index, node in enumerate(self._graph.order)}

    def plan(self) -> Plan:
        """Plan the part of the definition that the trigger reaches."""
        start = self._entry(TRIGGER, None)
        nodes: dict[str, Node] = {}
        pending = [start]
        while pending:
            step_id = pending.pop()
            if step_id not in nodes:
                nodes[step_id] = node = self._node(step_id)
                pending.extend(links(node))
        position = {node: index for index, node in enumerate((*self._graph.nodes, END))}
        ordered = dict(sorted(nodes.items(), key=lambda item: position[item[0]]))
        hosts = [TRIGGER, *(step_id for step_id, node in ordered.items() if isinstance(node, CallStep))]
        return Plan(Scope(start, ordered), {host: rides for host in hosts if (rides := self._rides(host))})

    def _entry(self, node: str, branch: int | None) -> str:
        """Find the node that follows a step, passing over pure steps, which need none."""
        children = self._graph.children(node, branch)
        while children and self._kind[children[0]] is StepKind.PURE:
            children = self._graph.children(children[0])
        return children[0] if children else END

    def _node(self, step_id: str) -> Node:
        if step_id == END:
            return EndScope()
        kind = self._kind[step_id]
        if kind is StepKind.FILTER:
            return ReadFilter(step_id, self._entry(step_id, None), END)
        if kind is StepKind.CHOICE:
            count = len(branch_targets(self._definition.step(step_id)))
            return ReadBranch(step_id, tuple(self._entry(step_id, index) for index in range(count)))
        options = self._definition.step(step_id).settings.error_handling_options
        return CallStep(
            step_id, self._rides(step_id), options.retry_on_failure.value, self._entry(step_id, None)
        )

    def _rides(self, host: str) -> tuple[str, ...]:
        """Collect the pure steps that may follow a host before the next call, in topological order."""
        found: set[str] = set()
        pending = [edge.target for edge in self._graph.out(host)]
        while pending:
            step_id = pending.pop()
            if step_id not in found and self._kind[step_id].rides_along:
                found.add(step_id)
                pending.extend(edge.target for edge in self._graph.out(step_id))
        return tuple(sorted(found, key=self._rank.__getitem__))


def links(node: Node) -> tuple[str, ...]:
    """List the nodes a node can go to; a call after which nothing is left ends its scope by itself."""
    if isinstance(node, CallStep):
        return () if node.next == END else (node.next,)
    if isinstance(node, ReadFilter):
        return (node.matched, node.stopped)
    return node.branches if isinstance(node, ReadBranch) else ()
