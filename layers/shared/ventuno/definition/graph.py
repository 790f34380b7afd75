"""The graph of a definition: nodes are the trigger and the steps, edges carry the branch they belong to.

Edges to unknown steps are left out here; the checks report them. Everything is linear in steps and edges.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.definition.model import Definition, Step

IF_ELSE = "IF_ELSE"
ITERATOR = "ITERATOR"


@dataclass(frozen=True, slots=True)
class Edge:
    """A link; `branch` is the index of the IF_ELSE branch it belongs to, else None.

    `path` is where the author wrote it, as a JSON path.
    """

    source: str
    target: str
    branch: int | None
    path: str


def written_edges(definition: Definition) -> Iterator[Edge]:
    """Yield every link as authored, also those to steps that do not exist."""
    yield from _plain(TRIGGER, definition.trigger.next_step_ids, "$.trigger.nextStepIds")
    for position, step in enumerate(definition.steps):
        root = f"$.steps[{position}]"
        if step.type == IF_ELSE:  # its own nextStepIds are ignored for dispatch, reference §3.12
            yield from _branch_edges(step, root)
        else:
            yield from _plain(step.id, step.next_step_ids, f"{root}.nextStepIds")


def _plain(source: str, targets: Iterable[str], path: str) -> Iterator[Edge]:
    for position, target in enumerate(dict.fromkeys(targets)):
        yield Edge(source, target, None, f"{path}[{position}]")


def _branch_edges(step: Step, root: str) -> Iterator[Edge]:
    for index, targets in enumerate(branch_targets(step)):
        for position, target in enumerate(dict.fromkeys(targets)):
            path = f"{root}.settings.input.branches[{index}].nextStepIds[{position}]"
            yield Edge(step.id, target, index, path)


def branch_targets(step: Step) -> list[list[str]]:
    """List the next step ids of each branch of an IF_ELSE.

    Wrong shapes give none, its own model reports them.
    """
    branches: Any = step.settings.input.get("branches") if isinstance(step.settings.input, dict) else None
    return [_targets(branch) for branch in branches] if isinstance(branches, list | tuple) else []


def _targets(branch: Any) -> list[str]:  # noqa: ANN401 - unchecked author JSON
    ids = branch.get("nextStepIds") if isinstance(branch, dict) else None
    return [target for target in ids if isinstance(target, str)] if isinstance(ids, list | tuple) else []


class Graph:
    """Children, parents and order of the steps of one definition."""

    def __init__(self, definition: Definition) -> None:
        self.nodes = tuple(dict.fromkeys((TRIGGER, *(step.id for step in definition.steps))))
        known = set(self.nodes) - {TRIGGER}
        self.edges = [edge for edge in written_edges(definition) if edge.target in known]
        self._out: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._in: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._children: dict[tuple[str, int | None], dict[str, None]] = {}
        for edge in self.edges:
            self._out[edge.source].append(edge)
            self._children.setdefault((edge.source, edge.branch), {})[edge.target] = None
            self._in[edge.target].append(edge)

    def out(self, node: str) -> list[Edge]:
        """List the links that leave a node, as authored."""
        return self._out[node]

    def into(self, node: str) -> list[Edge]:
        """List the links that enter a node."""
        return self._in[node]

    def children(self, node: str, branch: int | None = None) -> list[str]:
        """List the next steps of a node, or of one branch of it."""
        return list(self._children.get((node, branch), ()))

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The nodes that some path from the trigger reaches."""
        return self.reachable_from(TRIGGER)

    def reachable_from(self, start: str) -> frozenset[str]:
        """Collect the nodes that some path from `start` reaches, itself included."""
        seen = {start}
        queue = deque([start])
        while queue:
            for edge in self._out[queue.popleft()]:
                if edge.target not in seen:
                    seen.add(edge.target)
                    queue.append(edge.target)
        return frozenset(seen)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The nodes in topological order, authored order among equals.

        Nodes on or after a cycle are missing.
        """
        waiting = {node: len(self._in[node]) for node in self.nodes}
        ready = deque(node for node in self.nodes if not waiting[node])
        order: list[str] = []
        while ready:
            node = ready.popleft()
            order.append(node)
            for edge in self._out[node]:
                waiting[edge.target] -= 1
                if not waiting[edge.target]:
                    ready.append(edge.target)
        return tuple(order)

    @cached_property
    def dominators(self) -> Dominators:
        """Which nodes stand on every path from the trigger to another."""
        return Dominators(self)


class Dominators:
    """The dominator tree of what the trigger reaches, built in one pass over the topological order.

    Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm"; without cycles one pass is enough.
    """

    def __init__(self, graph: Graph) -> None:
        self._parent: dict[str, str] = {TRIGGER: TRIGGER}
        self._depth: dict[str, int] = {TRIGGER: 0}
        for node in graph.order:
            sources = [edge.source for edge in graph.into(node) if edge.source in self._parent]
            if node != TRIGGER and sources:
                self._place(node, sources)

    def _place(self, node: str, sources: list[str]) -> None:
        meeting = sources[0]
        for source in sources[1:]:
            meeting = self._meet(meeting, source)
        self._parent[node] = meeting
        self._depth[node] = self._depth[meeting] + 1

    def _meet(self, left: str, right: str) -> str:
        while left != right:
            if self._depth[left] >= self._depth[right]:
                left = self._parent[left]
            else:
                right = self._parent[right]
        return left

    def before(self, upper: str, node: str) -> bool:
        """Whether every path from the trigger to `node` passes `upper` before it; constant time."""
        if upper == node or upper not in self._spans or node not in self._spans:
            return False
        first, last = self._spans[upper]
        return first <= self._spans[node][0] <= last

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Number the tree depth-first; a node's span holds the numbers of everything below it."""
        below: dict[str, list[str]] = {node: [] for node in self._parent}
        for node, parent in self._parent.items():
            if node != TRIGGER:
                below[parent].append(node)
        preorder: list[str] = []
        todo = [TRIGGER]
        while todo:
            preorder.append(todo.pop())
            todo += below[preorder[-1]]
        last = {node: number for number, node in enumerate(preorder)}
        for node in reversed(preorder):
            last[self._parent[node]] = max(last[self._parent[node]], last[node])
        return {node: (number, last[node]) for number, node in enumerate(preorder)}
