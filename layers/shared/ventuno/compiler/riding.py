"""Which pure steps the call before them evaluates: those reached through pure steps, up to a join or wait.

What lies behind a join cannot ride: whether it runs is only known once all branches have arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.graph import branch_targets
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.regions import Level
    from ventuno.definition.graph import Graph
    from ventuno.definition.model import Definition


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
        found: dict[str, None] = {}
        todo: list[tuple[str | None, Sequence[str]]] = [(end, way) for way in self.ways_on(step_id)]
        while todo:
            stop, targets = todo.pop()
            if len(targets) > 1:
                todo += self._branches(level, targets)
            elif targets and targets[0] != stop and targets[0] not in found and self.rides(targets[0]):
                found[targets[0]] = None
                if self._kind[targets[0]] is not StepKind.WAIT:
                    todo += [(stop, way) for way in self.ways_on(targets[0])]
        return tuple(level.ordered(found))

    def rides(self, step_id: str) -> bool:
        """Whether the call before a step evaluates it too; a retry needs a call of its own."""
        options = self._definition.step(step_id).settings.error_handling_options
        return self._kind[step_id].rides_along and options.retry_on_failure.value == 0

    @staticmethod
    def _branches(level: Level, targets: Sequence[str]) -> list[tuple[str | None, Sequence[str]]]:
        """Follow a fork's branches up to its join; a serialised part has calls of its own throughout."""
        join = level.join_of(targets)
        parts = level.components(targets, join)
        return [(join, part.entries) for part in parts if len(part.entries) == 1]
