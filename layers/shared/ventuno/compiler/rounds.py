"""A part that no nesting expresses (a→j, b→j, b→x): one state that runs whatever is ready, again and again.

Its call reads what the part's steps have come to, runs those whose turn it is one after another, and says
what is next: a loop's body, a wait for the next of what is open, or the end of the part. So the machine of a
part grows with its loops alone, and no wait holds up another: a loop with a wait in its body runs in a branch
of its own, and the rounds go on beside it. `runtime.rounds` is the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.contract import EndKind
from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import Beside, LoopOver, ReadTurn, Rounds, Turn
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from ventuno.compiler.context import Building, Context
    from ventuno.compiler.plan import Scope
    from ventuno.compiler.planning import Planner
    from ventuno.compiler.regions import Component


@dataclass(frozen=True, slots=True)
class Exits:
    """Where a part leads, as keys: to its live join, to where nothing is left, and after a failure."""

    arrived: str
    dead: str
    failed: str


def rounds_key(
    planner: Planner, context: Context, part: Component, exits: Exits, name: str, under_way: int = 0
) -> str:
    """Return the key of the node that runs a part; `name` tells it from others on the path.

    `under_way` counts the loops that run beside it.
    """
    return planner.desk.node(
        context, "rounds", name, lambda: _rounds(planner, context, part, exits, name, under_way)
    )


def _rounds(
    planner: Planner, context: Context, part: Component, exits: Exits, name: str, under_way: int
) -> Rounds:
    desk = planner.desk
    back = rounds_key(planner, context, part, exits, name, under_way)
    failed = None if desk.fails_fast(context.level) else back
    waiting = desk.riding.loops_that_wait(part.steps)
    loops = [step for step in part.steps if desk.kind[step] is StepKind.LOOP and step not in waiting]
    turns = [Turn(step, _loop_key(planner, context, step, name, (back, failed))) for step in loops]
    if under_way < len(waiting):
        further = _Beside(planner, context, part, exits, name, under_way + 1, waiting)
        beside = desk.node(context, "beside", name, lambda: further.node(back))
        turns += [Turn(step, beside) for step in waiting]
    riding = {rider for riders in desk.rides_within(context.level, part).values() for rider in riders}
    kinds = [desk.kind[step] for step in part.steps]
    return Rounds(
        part.entries,
        tuple(turns),
        calls=sum(step not in riding for step in part.steps),
        retries=sum(map(desk.retries, part.steps)),
        delays=kinds.count(StepKind.WAIT),
        forms=kinds.count(StepKind.CALLBACK) + len(waiting),
        arrived=exits.arrived,
        dead=exits.dead,
        failed=exits.failed,
    )


def _loop_key(planner: Planner, context: Context, step: str, name: str, ways: tuple[str, str | None]) -> str:
    """Return the key of a loop of rounds; `ways` are the keys after it, and after its failure."""
    return planner.desk.node(
        context, "turn", f"{step}+{name}", lambda: loop_leading_to(planner, step, *ways, in_rounds=True)
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Plans what runs when the turn of a loop that waits has come: the loop, and further rounds beside it.

    Each time there is one such loop less to begin, so that rounds are nested as deep as the part has of them.
    """

    planner: Planner
    context: Context
    part: Component
    exits: Exits
    name: str
    under_way: int
    waiting: tuple[str, ...]

    def node(self, back: str) -> Beside:
        """Plan both branches; `back` is the key of the rounds that all this is part of."""
        return Beside(self._loops(), self._further(), back)

    def _loops(self) -> Scope:
        desk, name = self.planner.desk, self.name
        building, inner = self._inner()
        over = desk.node(inner, "over", name, lambda: LoopOver(self.part.entries))
        ways = (over, None if self._hasty else over)
        turns = tuple(Turn(step, _loop_key(self.planner, inner, step, name, ways)) for step in self.waiting)
        building.scope.start = turns[0].next
        if len(turns) > 1:
            building.scope.start = desk.node(inner, "which", name, lambda: ReadTurn(turns))
        return building.scope

    def _further(self) -> Scope:
        building, inner = self._inner()
        failed = building.end(EndKind.BROKEN) if self._hasty else inner.dead
        exits = Exits(inner.live, inner.dead, failed)
        building.scope.start = rounds_key(self.planner, inner, self.part, exits, self.name, self.under_way)
        return building.scope

    @property
    def _hasty(self) -> bool:
        return self.planner.desk.fails_fast(self.context.level)

    def _inner(self) -> tuple[Building, Context]:
        building = self.planner.desk.building()
        end = building.end(EndKind.HANDED)
        return building, self.planner.desk.context(self.context.level, building, None, (end, end), None)
