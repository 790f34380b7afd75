"""Several targets live at once: one part runs in sequence or in rounds, several run in branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.contract import EndKind
from ventuno.compiler.plan import Fork, Node, ReadLive
from ventuno.compiler.regions import LEVEL_END, Component, nests
from ventuno.compiler.riding import Before
from ventuno.compiler.rounds import Exits, rounds_key
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.compiler.context import Context, Desk
    from ventuno.compiler.plan import Scope
    from ventuno.compiler.planning import Planner
    from ventuno.compiler.regions import Level

_MARKS = {Before.CALL: "", Before.START: "=", Before.PURE: "^", Before.FORK: "/", Before.NOTHING: "!"}
"""What tells keys of the same fork apart; no step id has these characters."""
_UNCONDITIONAL = (StepKind.TASK, StepKind.PURE, StepKind.WAIT, StepKind.CALLBACK, StepKind.LOOP)


class Forks:
    """Plans forks for one planner."""

    def __init__(self, desk: Desk, planner: Planner) -> None:
        self._desk = desk
        self._planner = planner

    def go(self, context: Context, targets: Sequence[str], before: Before) -> str:
        """Return the key of the node that runs all targets; one set of targets on one path is one node."""
        name = "+".join(sorted(targets)) + _MARKS[before]
        known = f"fork:{name}" if context.number == 0 else f"fork:{name}@{context.number}"
        if known in context.building.nodes:
            return known
        join = context.level.join_of(targets)
        parts = context.level.components(targets, join)
        if len(parts) > 1:
            return self._desk.node(
                context, "fork", name, lambda: self._fork(context, targets, join, parts, before)
            )
        if nests(context.level, parts[0], join):
            return self._in_sequence(context, parts[0].entries, join, before)
        return self._in_rounds(context, parts[0], join, certain=join in targets)

    def _joined(self, context: Context, join: str) -> str:
        """Return the key where a live join goes on; no call is just before it, so nothing rides."""
        if join == LEVEL_END:
            return context.dead
        return context.live if join == context.exit else self._planner.enter(context, join, Before.NOTHING)

    def _in_sequence(self, context: Context, entries: Sequence[str], join: str, before: Before) -> str:
        """Run the only part, then the join, which is live by its direct link however the part ends."""
        after = self._joined(context, join)
        end = None if join == LEVEL_END else join
        inner = self._desk.context(context.level, context.building, end, (after, after), context.failed)
        return self._planner.go(inner, entries, before)

    def _fork(
        self, context: Context, targets: Sequence[str], join: str, parts: list[Component], before: Before
    ) -> Node:
        inside = Before.NOTHING if before is Before.NOTHING else Before.FORK
        branches = tuple(self._branch(context.level, part, join, inside) for part in parts)
        return Fork(branches, self._after(context, targets, join), context.failed)

    def _branch(self, level: Level, part: Component, join: str, before: Before) -> Scope:
        building = self._desk.building()
        ends = (building.end(EndKind.LIVE), building.end(EndKind.DEAD))
        failed = None if self._desk.fails_fast(level) else building.end(EndKind.FAILED)
        end = None if join == LEVEL_END else join
        context = self._desk.context(level, building, end, ends, failed)
        if nests(level, part, join):
            building.scope.start = self._planner.go(context, part.entries, before)
        else:
            name = "+".join(sorted(part.entries))
            exits = Exits(*ends, failed or building.end(EndKind.BROKEN))
            building.scope.start = rounds_key(self._planner, context, part, exits, name)
        return building.scope

    def _after(self, context: Context, targets: Sequence[str], join: str) -> str:
        """Return the key after a fork: the join where it is certainly live, else the question whether."""
        after = self._joined(context, join)
        if join == LEVEL_END or self._certain(context.level, targets, join):
            return after
        name = "+".join(sorted(targets))
        return self._desk.node(context, "join", name, lambda: ReadLive(after, context.dead))

    def _certain(self, level: Level, targets: Sequence[str], join: str) -> bool:
        """Whether some target leads to the join through steps that never end a path."""
        seen: set[str] = set()
        todo = list(targets)
        while todo:
            step = todo.pop()
            if step == join:
                return True
            if step not in seen and self._desk.kind[step] in _UNCONDITIONAL:
                seen.add(step)
                todo += [edge.target for edge in level.out(step)]
        return False

    def _in_rounds(self, context: Context, part: Component, join: str, *, certain: bool) -> str:
        """Run the only part; `certain` says that a direct link makes the join live however the part ends."""
        arrived = self._joined(context, join)
        hasty = self._desk.fails_fast(context.level)
        failed = context.building.end(EndKind.BROKEN) if hasty else context.failed or context.dead
        exits = Exits(arrived, arrived if certain else context.dead, failed)
        name = "+".join(sorted(part.entries)) + _MARKS[Before.NOTHING] * certain
        return rounds_key(self._planner, context, part, exits, name)
