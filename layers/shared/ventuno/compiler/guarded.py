"""The nodes of a serialised region: each step with its call, and the Choices between one step and the next.

There are two chains: one for as long as nothing has failed, in which most Choices can be left out, and one
that goes on after a failure with what does not hang on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import AwaitForm, CallStep, Node, WaitUntil
from ventuno.compiler.serialising import LOOKAHEAD, Exits, Serialised
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.context import Context
    from ventuno.compiler.plan import Dispatch
    from ventuno.compiler.planning import Planner


_LATER_ROLES = {StepKind.WAIT: "read", StepKind.LOOP: "loop"}


class Guarded:
    """Plans one chain of a region; `clean` says that nothing in it has failed yet."""

    def __init__(
        self,
        planner: Planner,
        context: Context,
        region: Serialised,
        exits: Exits,
        rides: Mapping[str, Sequence[str]],
        *,
        clean: bool,
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
        self._clean = clean
        self._broken: Guarded | None = None
        if clean and not self._desk.fails_fast(context.level):
            self._broken = Guarded(planner, context, region, exits, rides, clean=False)
        self._turns: dict[tuple[int, str | None], str] = {}
        self._keys = {step: self._wanted(self._role(step), step) for step in region.steps}

    def start(self) -> str:
        """Return the key where the region begins."""
        return self._turn(0, None)

    def _role(self, step: str) -> str:
        return _LATER_ROLES[self._desk.kind[step]] if step in self._region.riding else "call"

    def _wanted(self, role: str, step: str) -> str:
        return self._desk.node(self._context, role, step, lambda: self._node(role, step))

    def _turn(self, index: int, since: str | None) -> str:
        """Return the key of what comes before the step at `index`: a Choice, or that step itself.

        `since` is the step that ran just before.
        """
        known = index, since if self._clean else None
        if known not in self._turns:
            choice = self._choice(*known)
            name = f"{since or self._region.steps[0]}:{index}"
            self._turns[known] = (
                choice
                if isinstance(choice, str)
                else self._desk.node(self._context, "turn", name, lambda: choice)
            )
        return self._turns[known]

    def _choice(self, index: int, since: str | None) -> Dispatch | str:
        long = index + LOOKAHEAD < len(self._region.steps)
        later = self._turn(index + LOOKAHEAD, None) if long else ""
        if self._clean:
            return self._region.clean_dispatch(index, since, self._keys, self._exits, later)
        return self._region.dispatch(index, self._keys, self._exits, later)

    def _node(self, role: str, step: str) -> Node:
        region = self._region
        next_index = region.position[step] + 1
        after = self._turn(next_index, step)
        failed = self._after_failure(next_index)
        if role == "read":
            return WaitUntil(step, after, region.over(step).name)
        if role == "loop":
            return loop_leading_to(self._planner, step, after, failed, region.over(step).name)
        return self._call(step, after, failed)

    def _after_failure(self, index: int) -> str | None:
        """Return the key where the region goes on after a failure; None fails the scope at once."""
        if not self._clean:
            return self._turn(index, None)
        return None if self._broken is None else self._broken.at(index)

    def at(self, index: int) -> str:
        """Return the key of what comes before the step at `index`."""
        return self._turn(index, None)

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
