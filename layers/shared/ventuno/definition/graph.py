"""The graph of a definition: nodes are the trigger and the steps, edges carry their branch or loop.

Edges to unknown steps are left out here; the checks report them. A link from a loop's body back to its
iterator is no edge: it ends an iteration. Everything is linear in steps and edges.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno.definition.dominators import Dominators
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.definition.model import Definition, Step

IF_ELSE = "IF_ELSE"
ITERATOR = "ITERATOR"
FILTER = "FILTER"


@dataclass(frozen=True, slots=True)
class Edge:
    """A link.

    `branch` is the index of the IF_ELSE branch it belongs to, `enters_loop` says that it starts a body,
    `path` is where the author wrote it, as a JSON path.
    """

    source: str
    target: str
    branch: int | None
    path: str
    enters_loop: bool = False


def written_edges(definition: Definition) -> Iterator[Edge]:
    """Yield every link as authored, also those to steps that do not exist and those back to an iterator."""
    yield from _plain(TRIGGER, definition.trigger.next_step_ids, "$.trigger.nextStepIds")
    for position, step in enumerate(definition.steps):
        root = f"$.steps[{position}]"
        if step.type == IF_ELSE:  # its own nextStepIds are ignored for dispatch, reference §3.12
            yield from _branch_edges(step, root)
            continue
        if step.type == ITERATOR:
            path = f"{root}.settings.input.initialLoopStepIds"
            yield from _plain(step.id, loop_entries(step), path, enters_loop=True)
        yield from _plain(step.id, step.next_step_ids, f"{root}.nextStepIds")


def _plain(source: str, targets: Iterable[str], path: str, *, enters_loop: bool = False) -> Iterator[Edge]:
    for position, target in enumerate(dict.fromkeys(targets)):
        yield Edge(source, target, None, f"{path}[{position}]", enters_loop)


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
    return (
        [_targets(branch, "nextStepIds") for branch in branches] if isinstance(branches, list | tuple) else []
    )


def loop_entries(step: Step) -> list[str]:
    """List the steps with which each iteration of an ITERATOR starts; wrong shapes give none."""
    return _targets(step.settings.input, "initialLoopStepIds")


def _targets(holder: Any, key: str) -> list[str]:  # noqa: ANN401 - unchecked author JSON
    ids = holder.get(key) if isinstance(holder, dict) else None
    return [target for target in ids if isinstance(target, str)] if isinstance(ids, list | tuple) else []


class Graph:
    """Children, parents, loops and order of the steps of one definition."""

    def __init__(self, definition: Definition) -> None:
        self.nodes = tuple(dict.fromkeys((TRIGGER, *(step.id for step in definition.steps))))
        known = set(self.nodes) - {TRIGGER}
        written = [edge for edge in written_edges(definition) if edge.target in known]
        self.filters = frozenset(step.id for step in definition.steps if step.type == FILTER)
        self.loops = Loops([step.id for step in definition.steps if step.type == ITERATOR], written)
        self.edges = _without_idle([edge for edge in written if not self.loops.returns(edge)])
        self.returning = [edge for edge in written if self.loops.returns(edge)]
        self._out: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._in: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._children: dict[tuple[str, int | None, bool], dict[str, None]] = {}
        self._leads: dict[str, list[str]] = {node: [] for node in self.nodes}
        for edge in written:
            self._leads[edge.source].append(edge.target)
        for edge in self.edges:
            self._out[edge.source].append(edge)
            self._in[edge.target].append(edge)
            self._children.setdefault((edge.source, edge.branch, edge.enters_loop), {})[edge.target] = None

    def out(self, node: str) -> list[Edge]:
        """List the links that leave a node, as authored."""
        return self._out[node]

    def into(self, node: str) -> list[Edge]:
        """List the links that enter a node."""
        return self._in[node]

    def children(self, node: str, branch: int | None = None) -> list[str]:
        """List the next steps of a node, or of one branch of it; never those of a loop's body."""
        return list(self._children.get((node, branch, False), ()))

    def entries(self, iterator: str) -> list[str]:
        """List the steps with which an iteration starts."""
        return list(self._children.get((iterator, None, True), ()))

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The nodes that some path from the trigger reaches, links that start nothing included."""
        return self.reachable_from(TRIGGER)

    def reachable_from(self, start: str) -> frozenset[str]:
        """Collect the nodes that some path from `start` reaches, itself included."""
        seen = {start}
        queue = deque([start])
        while queue:
            fresh = [target for target in self._leads[queue.popleft()] if target not in seen]
            seen.update(fresh)
            queue.extend(fresh)
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
        parents = {node: [edge.source for edge in self._in[node]] for node in self.nodes}
        return Dominators(TRIGGER, self.order, parents)


def _without_idle(edges: list[Edge]) -> list[Edge]:
    """Leave out links that start nothing: the trigger and an iterator are nobody's parents (reference §4.2).

    A step they link to that has parents too starts when those have ended, and by nothing else.
    """
    has_parents = {edge.target for edge in edges if not _starts(edge)}
    return [edge for edge in edges if not (_starts(edge) and edge.target in has_parents)]


def _starts(edge: Edge) -> bool:
    return edge.source == TRIGGER or edge.enters_loop


class Loops:
    """The loops of a definition: which steps belong to the body of which iterator. Source: reference §4.5"""

    def __init__(self, iterators: list[str], edges: list[Edge]) -> None:
        self._next: dict[str, list[Edge]] = {}
        for edge in edges:
            self._next.setdefault(edge.source, []).append(edge)
        self.members = {iterator: self._body(iterator) for iterator in iterators}
        self.inner: dict[str, str] = {}
        self.overlapping: list[str] = []
        for iterator in sorted(iterators, key=lambda name: -len(self.members[name])):
            self._place(iterator)

    def _place(self, iterator: str) -> None:
        """Note the innermost loop of each member, once the loops around this one are noted."""
        home, members = self.inner.get(iterator), self.members[iterator]
        if any(self.inner.get(member) != home for member in members):
            self.overlapping.append(iterator)
        self.inner.update(dict.fromkeys(members, iterator))

    def _body(self, iterator: str) -> dict[str, None]:
        """Walk depth-first from the entries, as the reference does, and stop at the iterator."""
        found: dict[str, None] = {}
        todo = [edge.target for edge in reversed(self._next.get(iterator, [])) if edge.enters_loop]
        while todo:
            step = todo.pop()
            if step not in found and step != iterator:
                found[step] = None
                todo += [edge.target for edge in reversed(self._next.get(step, []))]
        return found

    def returns(self, edge: Edge) -> bool:
        """Whether a link leads from a loop's body back to its iterator."""
        return edge.target in self.members and edge.source in self.members[edge.target]

    def around(self, step: str) -> list[str]:
        """List the iterators whose bodies hold a step, innermost first."""
        found: list[str] = []
        while step in self.inner and self.inner[step] not in found:
            step = self.inner[step]
            found.append(step)
        return found
