"""Which pure steps the call before them evaluates: those reached through pure steps, up to a join or wait.

What lies behind a join cannot ride: whether it runs is only known once all branches have arrived.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from ventuno.compiler.regions import nests
from ventuno.definition.graph import branch_targets
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ventuno.compiler.regions import Component, Level
    from ventuno.definition.graph import Graph
    from ventuno.definition.model import Definition


class Before(Enum):
    """What is just before a step.

    NOTHING: a join, a wait, or the start of a loop's body.
    CALL:    a call, perhaps with riders between.
    FORK:    a call, and a fork between.
    """

    NOTHING = auto()
    CALL = auto()
    FORK = auto()


class Way(NamedTuple):
    """A way on from a host: up to `end`, with these targets next."""

    end: str | None
    targets: tuple[str, ...]
    before: Before


class Riding:
    """Finds riders in one definition."""

    def __init__(self, definition: Definition, graph: Graph, kind: Mapping[str, StepKind]) -> None:
        self._definition = definition
        self._graph = graph
        self._kind = kind

    def ways_on(self, step_id: str) -> list[list[str]]:
        """List what may follow a step: one list of next steps, or one per branch."""
        if self._kind[step_id] is StepKind.CHOICE:
            count = len(branch_targets(self._definition.step(step_id)))
            return [self._graph.children(step_id, index) for index in range(count)]
        return [self._graph.children(step_id)]

    def after(self, level: Level, end: str | None, step_id: str) -> tuple[str, ...]:
        """List the riders of a host whose path ends at `end`, in topological order."""
        if self._kind[step_id] in (StepKind.LOOP, StepKind.WAIT):
            return ()  # what follows them follows later than their call
        found: dict[tuple[str, Way], None] = {}

        def visit(target: str, way: Way) -> list[list[str]]:
            known = (target, way) in found
            found[target, way] = None
            return [] if known or self._kind[target] is StepKind.WAIT else self.ways_on(target)

        self.walk(level, [Way(end, tuple(targets), Before.CALL) for targets in self.ways_on(step_id)], visit)
        return tuple(level.ordered({target for target, _ in found}))

    def within(self, level: Level, part: Component, host: str) -> tuple[str, ...]:
        """List the riders of a host in a serialised part, in topological order: what nothing else leads to.

        Where a host leads to several, only what a mark tells the failure of may ride.
        """
        inside = set(part.steps).difference(part.entries)
        found: dict[str, None] = {}
        todo = [(host, True)]
        while todo:
            source, alone = todo.pop()
            if self._kind[source] in (StepKind.LOOP, StepKind.WAIT):
                continue
            targets = dict.fromkeys(edge.target for edge in level.out(source))
            alone = alone and len(targets) == 1 and self._kind[source] is not StepKind.CHOICE
            for target in targets:
                only = {edge.source for edge in level.into(target)} == {source}
                if target in inside and only and self.rides(target, Before.CALL if alone else Before.FORK):
                    found[target] = None
                    todo.append((target, alone))
        return tuple(level.ordered(found))

    def walk(self, level: Level, first: Iterable[Way], visit: Callable[[str, Way], list[list[str]]]) -> None:
        """Visit what rides along; `visit` tells the ways on from a step."""
        todo = deque(first)
        while todo:
            way = todo.popleft()
            if len(way.targets) > 1:
                todo.extend(_branches(level, way))
                continue
            for target in way.targets:
                if target != way.end and self.rides(target, way.before):
                    ways = visit(target, way)
                    todo.extend(Way(way.end, tuple(targets), way.before) for targets in ways)

    def rides(self, step_id: str, before: Before) -> bool:
        """Whether the call before a step evaluates it too; a retry needs a call of its own.

        Behind a fork only what a Choice reads may ride: it can say that the step failed, and let the other
        branches go on.
        """
        kind = self._kind[step_id]
        options = self._definition.step(step_id).settings.error_handling_options
        if before is Before.NOTHING or options.retry_on_failure.value:
            return False
        return kind.rides_along if before is Before.CALL else kind in (StepKind.FILTER, StepKind.CHOICE)


def _branches(level: Level, way: Way) -> list[Way]:
    """Follow a fork's branches up to its join; a serialised part has calls of its own throughout."""
    join = level.join_of(way.targets)
    parts = level.components(way.targets, join)
    before = Before.FORK if len(parts) > 1 else way.before
    return [Way(join, part.entries, before) for part in parts if nests(level, part, join)]
