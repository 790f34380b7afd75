"""A serialised region after a failure, or in which several steps wait at once: rounds instead of a chain.

In each round one Choice finds a step whose turn it is: not done, some parent arrived, nothing before it
failed or still waits. When there is none, one state waits for the next of what is open, answer or instant.
So no wait holds up another, and only what runs between them runs one after another.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import AwaitedForm, CallStep, Condition, Rounds, Rule
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.context import Context
    from ventuno.compiler.plan import Node
    from ventuno.compiler.planning import Planner
    from ventuno.compiler.serialising import Exits, Serialised


class Rotation:
    """Plans the rounds of one region."""

    def __init__(
        self,
        planner: Planner,
        context: Context,
        region: Serialised,
        exits: Exits,
        rides: Mapping[str, Sequence[str]],
    ) -> None:
        self._planner = planner
        self._desk = planner.desk
        ends = (context.live, context.dead)
        self._context = self._desk.context(
            context.level, context.building, context.exit, ends, context.failed
        )
        self._region = region
        self._exits = exits
        self._rides = rides
        self._first = region.steps[0]
        self._following = region.following()

    def start(self) -> str:
        """Return the key where a region without a chain begins; nothing comes before its first step."""
        return self._wanted("call", self._first)

    @cached_property
    def round(self) -> str:
        """The key of the next round, whatever has run so far."""
        return self._wanted("turn", self._first)

    def _wanted(self, role: str, step: str) -> str:
        return self._desk.node(self._context, role, step, lambda: self._node(role, step))

    def _node(self, role: str, step: str) -> Node:
        if role == "turn":
            return self._rounds()
        if role == "loop":
            mark = self._region.over(step).name
            return loop_leading_to(self._planner, step, self.round, self._failed(), mark)
        return self._call(step)

    def _failed(self) -> str | None:
        return None if self._desk.fails_fast(self._context.level) else self.round

    def _call(self, step: str) -> CallStep:
        """Call a step; a delay or a form is only opened by it."""
        kind = self._desk.kind[step]
        rides = tuple(self._rides.get(step, ()))
        after = self._wanted("loop", step) if kind is StepKind.LOOP else self._after(step)
        marks = self._region.marks(step, rides)
        return CallStep(step, rides, self._desk.retries(step), after, self._failed(), marks)

    def _after(self, step: str) -> str:
        """Return the key after a step: the step that follows for certain, or else the next round."""
        after = self._following.get(step)
        return self.round if after is None else self._wanted("call", after)

    def _rounds(self) -> Rounds:
        region = self._region
        turns = [
            Rule(region.turn_in_rounds(step), self._key(step))
            for step in region.steps
            if self._has_turn(step)
        ]
        forms = [step for step in region.steps if self._desk.kind[step] is StepKind.CALLBACK]
        delays = [step for step in region.steps if self._desk.kind[step] is StepKind.WAIT]
        *exits, last = region.leaving_rounds(self._exits)
        return Rounds(
            self._first,
            tuple(turns),
            tuple(region.over(step).name for step in delays),
            tuple(AwaitedForm(step, region.marks(step, self._rides.get(step, ()))) for step in forms),
            tuple(Rule(condition, key) for condition, key in exits if condition != Condition()),
            last[1],
        )

    def _has_turn(self, step: str) -> bool:
        """Whether a step has a state to go to; a delay that rode along only waits."""
        return step not in self._region.riding or self._desk.kind[step] is StepKind.LOOP

    def _key(self, step: str) -> str:
        return self._wanted("loop" if step in self._region.riding else "call", step)
