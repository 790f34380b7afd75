"""Grow the shape of a workflow as people do: steps are hung on open ends, then some paths converge.

Every scope is grown in topological order, so no link can make a circle. The shapes that come out: sequences,
fan-outs, joins, diamonds with and without a direct link, N shapes (a→j, b→j, b→x), branches that meet again,
that end, or that lead straight back to the iterator, and loops in loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.graphs.choosing import Chooser

TASK = "TASK"
KINDS = (TASK, TASK, TASK, TASK, "IF_ELSE", "FILTER", "FILTER", "EMPTY", "DELAY", "FORM", "ITERATOR")
MAX_DEPTH = 2


@dataclass
class Node:
    """One step's place: its links, by branch for an IF_ELSE, and its body for an ITERATOR.

    `above` lists the steps that always ended before it starts: its ancestors in its scope.
    """

    id: str
    kind: str
    branches: list[list[str]]
    body: Shape | None = None
    above: set[str] = field(default_factory=set)

    def children(self) -> set[str]:
        return {target for branch in self.branches for target in branch}


@dataclass
class Shape:
    """One scope: its nodes in topological order, and where it starts."""

    owner: Node | None = None
    entries: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[Shape, Node]]:
        """Yield every node with its scope, bodies included."""
        for node in self.nodes:
            yield self, node
            if node.body is not None:
                yield from node.body.walk()


class Grower:
    """Grows one workflow of about `size` steps."""

    def __init__(self, chooser: Chooser, size: int) -> None:
        self._chooser = chooser
        self._left = size
        self._made = 0

    def grow(self) -> Shape:
        """Grow everything outside loops, and the loops with it."""
        return self._scope(None, self._left, 0)

    def _scope(self, owner: Node | None, size: int, depth: int) -> Shape:
        shape = Shape(owner)
        ends: list[list[str]] = [shape.entries]
        for number in range(size):
            if self._left <= 0 and number:
                break
            self._add(shape, ends, depth)
        self._converge(shape)
        if owner is not None:
            self._return(shape, owner.id)
        return shape

    def _add(self, shape: Shape, ends: list[list[str]], depth: int) -> None:
        """Hang a new step on an open end; the end stays open for a fan-out."""
        chooser = self._chooser
        at = 0 if not shape.nodes else chooser.number(0, len(ends) - 1)
        end = ends[at]
        kind = chooser.pick(KINDS if depth < MAX_DEPTH and self._left > 1 else KINDS[:-1])
        self._made += 1
        self._left -= 1
        node = Node(
            f"s{self._made}", kind, [[] for _ in range(chooser.number(2, 4) if kind == "IF_ELSE" else 1)]
        )
        end.append(node.id)
        if not chooser.chance(30):
            ends.pop(at)
        ends += node.branches
        shape.nodes.append(node)
        if kind == "ITERATOR":
            node.body = self._scope(node, chooser.number(1, max(1, min(6, self._left))), depth + 1)

    def _converge(self, shape: Shape) -> None:
        """Link some steps to later ones besides."""
        for _ in range(self._chooser.number(0, len(shape.nodes) // 2)):
            later = self._chooser.number(0, len(shape.nodes) - 1)
            earlier = self._chooser.number(-1, later - 1)
            if earlier < 0:
                links = shape.entries if self._chooser.chance(30) else []
            else:
                links = self._chooser.pick(shape.nodes[earlier].branches)
            if shape.nodes[later].id not in links:
                links.append(shape.nodes[later].id)
        for node in shape.nodes:
            for other in shape.nodes:
                if node.id in other.children():
                    node.above |= other.above | {other.id}

    def _return(self, shape: Shape, iterator: str) -> None:
        """Lead every end of a body back to its iterator, but for some branches that just end."""
        for node in shape.nodes:
            returning = False
            for branch in node.branches:
                ends = not branch and not (returning and self._chooser.chance(20))
                if ends or self._chooser.chance(5):
                    branch.append(iterator)
                returning = returning or bool(branch)
