"""The nodes of a serialised region: each step with its call, and the Choice between one step and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.looping import loop_leading_to
from ventuno.compiler.plan import AwaitForm, CallStep, Node, WaitUntil
from ventuno.compiler.serialising import LOOKAHEAD, Exits, Serialised
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from ventuno.compiler.context import Context
    from ventuno.compiler.planning import Planner


class Guarded:
    """Plans one region; nothing rides in it, because each step's turn is decided between the calls."""

    def __init__(self, planner: Planner, context: Context, region: Serialised, exits: Exits) -> None:
        self._planner = planner
        self._desk = planner.desk
        ends = (context.live, context.dead)
        self._context = self._desk.context(
            context.level, context.building, context.exit, ends, context.failed
        )
        self._region = region
        self._exits = exits
        self._turns: dict[int, str] = {}
        self._keys = {step: self._wanted("call", step) for step in region.steps}

    def start(self) -> str:
        """Return the key where the region begins."""
        return self._turn(0)

    def _wanted(self, role: str, step: str) -> str:
        return self._desk.node(self._context, role, step, lambda: self._node(role, step))

    def _turn(self, index: int) -> str:
        """Return the key of what comes before the step at `index`: a Choice, or that step itself."""
        if index not in self._turns:
            long = index + LOOKAHEAD < len(self._region.steps)
            later = self._turn(index + LOOKAHEAD) if long else ""
            choice = self._region.dispatch(index, self._keys, self._exits, later)
            first = f"{self._region.steps[0]}:{index}"
            self._turns[index] = (
                choice
                if isinstance(choice, str)
                else self._desk.node(self._context, "turn", first, lambda: choice)
            )
        return self._turns[index]

    def _node(self, role: str, step: str) -> Node:
        after = self._turn(self._region.position[step] + 1)
        failed = None if self._desk.fails_fast(self._context.level) else after
        marks = self._region.mark(step)
        if role == "read":
            return WaitUntil(step, after)
        if role == "loop":
            return loop_leading_to(self._planner, step, after, failed, marks)
        return self._call(step, after, failed, marks)

    def _call(self, step: str, after: str, failed: str | None, marks: str) -> Node:
        kind = self._desk.kind[step]
        if kind is StepKind.CALLBACK:
            timeout, retries = self._desk.form_timeout(step), self._desk.retries(step)
            return AwaitForm(step, (), retries, timeout, after, failed, marks)
        if kind in (StepKind.WAIT, StepKind.LOOP):
            after = self._wanted("read" if kind is StepKind.WAIT else "loop", step)
        return CallStep(
            step, (), self._desk.retries(step), after, failed, marks, answered=self._region.answered(step)
        )
