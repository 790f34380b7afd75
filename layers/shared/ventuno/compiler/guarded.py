"""The chain of a serialised region: each step with its call, and Choices where it is not certain who is next.

It goes on for as long as nothing has failed and no two steps could wait at once; then rounds take over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import AwaitForm, CallStep, Node, WaitUntil
from ventuno.compiler.rounds import Rotation
from ventuno.compiler.serialising import LOOKAHEAD
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.context import Context
    from ventuno.compiler.plan import Dispatch
    from ventuno.compiler.planning import Planner
    from ventuno.compiler.serialising import Exits, Serialised


_LATER_ROLES = {StepKind.WAIT: "read", StepKind.LOOP: "loop"}


class Chain:
    """Plans the chain of one region; `rotation` plans its rounds."""

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
        self._rotation = Rotation(planner, context, region, exits, rides)
        self._hasty = self._desk.fails_fast(context.level)
        self._turns: dict[tuple[int, str | None], str] = {}
        self._keys = {step: self._wanted(self._role(step), step) for step in region.chained}

    def start(self) -> str:
        """Return the key where the region begins."""
        return self._turn(0, None) if self._region.chained else self._rotation.start()

    def _role(self, step: str) -> str:
        return _LATER_ROLES[self._desk.kind[step]] if step in self._region.riding else "call"

    def _wanted(self, role: str, step: str) -> str:
        return self._desk.node(self._context, role, step, lambda: self._node(role, step))

    def _turn(self, index: int, since: str | None) -> str:
        """Return the key of what comes before the step at `index`: a Choice, or that step itself.

        `since` is the step that ran just before.
        """
        known = index, since
        if known not in self._turns:
            choice = self._choice(index, since)
            name = f"{since or self._region.steps[0]}:{index}"
            self._turns[known] = (
                choice
                if isinstance(choice, str)
                else self._desk.node(self._context, "turn", name, lambda: choice)
            )
        return self._turns[known]

    def _choice(self, index: int, since: str | None) -> Dispatch | str:
        region = self._region
        if index + LOOKAHEAD < len(region.chained):
            later: str | None = self._turn(index + LOOKAHEAD, None)
        else:
            later = self._rotation.round if len(region.chained) < len(region.steps) else None
        return region.dispatch(index, since, self._keys, self._exits, later)

    def _node(self, role: str, step: str) -> Node:
        region = self._region
        next_index = region.position[step] + 1
        after = self._turn(next_index, step)
        failed = None if self._hasty else self._rotation.round
        if role == "read":
            return WaitUntil(step, after, region.over(step).name)
        if role == "loop":
            return loop_leading_to(self._planner, step, after, failed, region.over(step).name)
        return self._call(step, after, failed)

    def _call(self, step: str, after: str, failed: str | None) -> Node:
        kind = self._desk.kind[step]
        rides = tuple(self._rides.get(step, ()))
        marks = self._region.marks(step, rides)
        retries = self._desk.retries(step)
        if kind is StepKind.CALLBACK:
            return AwaitForm(step, rides, retries, self._desk.form_timeout(step), after, failed, marks)
        if kind in _LATER_ROLES:
            after = self._wanted(_LATER_ROLES[kind], step)
        return CallStep(step, rides, retries, after, failed, marks)
