"""The shape of one nesting level: what lies between a fork and its join, and how it falls apart.

A level is the top of the definition or the body of one loop; links back to the iterator end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.contract import EndKind
from ventuno.definition.dominators import Dominators

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ventuno.definition.graph import Edge, Graph

LEVEL_END = f"<{EndKind.DONE}>"
"""The node that every path of a level leads to; no step id has these characters."""


@dataclass(frozen=True, slots=True)
class Component:
    """A weakly connected part of a region, in topological order; `entries` are the fork's targets in it."""

    steps: tuple[str, ...]
    entries: tuple[str, ...]


class Level:
    """The steps of one nesting level; `iterator` is the one whose body it is, or None."""

    def __init__(self, graph: Graph, steps: Collection[str], iterator: str | None) -> None:
        self.iterator = iterator
        self._rank = {step: rank for rank, step in enumerate(graph.order)}
        inside = set(steps)
        self._out = {step: [edge for edge in graph.out(step) if _stays(edge, inside)] for step in inside}
        self._in: dict[str, list[Edge]] = {step: [] for step in inside}
        for edges in self._out.values():
            for edge in edges:
                self._in[edge.target].append(edge)
        after = {step: [edge.target for edge in self._out[step]] or [LEVEL_END] for step in inside}
        self._joins = Dominators(LEVEL_END, self.ordered(inside, reverse=True), after)

    def ordered(self, steps: Iterable[str], *, reverse: bool = False) -> list[str]:
        """Sort steps topologically."""
        return sorted(steps, key=self._rank.__getitem__, reverse=reverse)

    def out(self, step: str) -> list[Edge]:
        """List the links from a step to others of this level."""
        return self._out[step]

    def into(self, step: str) -> list[Edge]:
        """List the links to a step from others of this level."""
        return self._in[step]

    def join_of(self, targets: Sequence[str]) -> str:
        """Return the nearest step that every path from the targets passes, or LEVEL_END."""
        return self._joins.meet(targets)

    def components(self, targets: Sequence[str], join: str) -> list[Component]:
        """Split what lies between a fork's targets and their join into its weakly connected parts."""
        region = self._region(targets, join)
        left = dict.fromkeys(self.ordered(region))
        parts: list[Component] = []
        while left:
            part = self._connected(next(iter(left)), region)
            for step in part:
                del left[step]
            entries = tuple(target for target in targets if target in part)
            parts.append(Component(tuple(self.ordered(part)), entries))
        return parts

    def _region(self, targets: Sequence[str], join: str) -> set[str]:
        region: set[str] = set()
        todo = [target for target in targets if target != join]
        while todo:
            step = todo.pop()
            if step not in region:
                region.add(step)
                todo += [edge.target for edge in self._out[step] if edge.target != join]
        return region

    def _connected(self, start: str, region: set[str]) -> set[str]:
        found: set[str] = set()
        todo = [start]
        while todo:
            step = todo.pop()
            if step in found:
                continue
            found.add(step)
            near = [edge.target for edge in self._out[step]] + [edge.source for edge in self._in[step]]
            todo += [other for other in near if other in region]
        return found


def nests(level: Level, part: Component, join: str) -> bool:
    """Whether a part starts at one step, or its entries meet before the join, so that forks can be nested."""
    return len(part.entries) == 1 or level.join_of(part.entries) != join


def level_of(graph: Graph, iterator: str | None) -> Level:
    """Return the level of a loop's body, or the top of the definition."""
    inner = graph.loops.inner
    return Level(graph, [step for step in graph.reachable if inner.get(step) == iterator], iterator)


def _stays(edge: Edge, inside: set[str]) -> bool:
    return not edge.enters_loop and edge.target in inside
