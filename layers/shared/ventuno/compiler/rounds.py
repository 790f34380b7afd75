"""A part that no nesting expresses (a→j, b→j, b→x): one state that runs whatever is ready, again and again.

Its call reads what the part's steps have come to, runs those whose turn it is one after another, and says
what is next: a loop's body, a wait for the next of what is open, or the end of the part. So the machine of a
part grows with its loops alone, and no wait holds up another. `runtime.rounds` is the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import Rounds, Turn
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from ventuno.compiler.context import Context
    from ventuno.compiler.planning import Planner
    from ventuno.compiler.regions import Component


@dataclass(frozen=True, slots=True)
class Exits:
    """Where a part leads, as keys: to its live join, to where nothing is left, and after a failure.

    `failed` is None where a failure fails the whole scope at once.
    """

    arrived: str
    dead: str
    failed: str | None


def rounds_key(planner: Planner, context: Context, part: Component, exits: Exits, name: str) -> str:
    """Return the key of the node that runs a part; `name` tells it from others on the path."""
    return planner.desk.node(context, "rounds", name, lambda: _rounds(planner, context, part, exits, name))


def _rounds(planner: Planner, context: Context, part: Component, exits: Exits, name: str) -> Rounds:
    desk = planner.desk
    back = rounds_key(planner, context, part, exits, name)
    failed = None if exits.failed is None else back

    def loop_key(step: str) -> str:
        return desk.node(
            context,
            "turn",
            f"{step}+{name}",
            lambda: loop_leading_to(planner, step, back, failed, in_rounds=True),
        )

    riding = {rider for riders in desk.rides_within(context.level, part).values() for rider in riders}
    kinds = [desk.kind[step] for step in part.steps]
    loops = [step for step in part.steps if desk.kind[step] is StepKind.LOOP]
    return Rounds(
        part.entries,
        tuple(Turn(step, loop_key(step)) for step in loops),
        calls=sum(step not in riding for step in part.steps),
        retries=sum(map(desk.retries, part.steps)),
        delays=kinds.count(StepKind.WAIT),
        forms=kinds.count(StepKind.CALLBACK),
        arrived=exits.arrived,
        dead=exits.dead,
        failed=exits.failed,
    )
