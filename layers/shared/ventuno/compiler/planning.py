"""Graph → plan: each step becomes one node, pure steps ride with the call before them.

Rules of this stage, found by experiment on random graphs:
- ASL is goto inside one scope: branches, filters and their merges are links.
- A fork is a Fork node only where its targets fall apart into several components before their join.
  One component with one entry runs in sequence; one with several entries runs in rounds.
- A pure step rides with the call before it. After a join, a wait or a loop no call is just before it,
  so it gets a call of its own.
- A step that fails in a branch or a loop's body ends its path; what runs beside it runs to its end.

Nodes are built from a list of what is still to do, never by recursion, so depth has no limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.context import Context, Desk
from ventuno.compiler.contract import FAILED, EndKind
from ventuno.compiler.forking import Forks
from ventuno.compiler.looping import loop_node
from ventuno.compiler.plan import Answer, AwaitForm, CallStep, Node, Plan, ReadAnswers, Told, WaitUntil
from ventuno.compiler.riding import Before
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.context import Building
    from ventuno.definition.model import Definition


_READING = {Before.START: "start", Before.PURE: "lead", Before.CALL: "read", Before.FORK: "answer"}
"""The roles of nodes that read an answer: what follows differs by what still may ride."""


class Planner:
    """Plans one definition; `kinds` tells how each action type takes part in a machine."""

    def __init__(self, definition: Definition, kinds: Mapping[str, StepKind]) -> None:
        self.desk = Desk(definition, kinds)
        self._forks = Forks(self.desk, self)
        self._root: Building | None = None

    def plan(self) -> Plan:
        """Plan the part of the definition that the trigger reaches."""
        self._root = building = self.desk.building()
        done = building.end(EndKind.DONE)
        root = self.desk.context(self.desk.level(None), building, None, (done, done), None)
        first = self.desk.graph.children(TRIGGER)
        self.desk.rides_of(root, TRIGGER)
        building.scope.start = self.go(root, first, Before.START)
        self.desk.work_off()
        return Plan(building.scope, self.desk.all_rides())

    def go(self, context: Context, targets: Sequence[str], before: Before) -> str:
        """Return the key of the node that goes on where all `targets` are live."""
        targets = list(dict.fromkeys(targets))
        while len(targets) == 1 and targets[0] != context.exit and self._leaves_no_node(targets[0], before):
            before = self.desk.riding.passed(targets[0], before)
            targets = self.desk.graph.children(targets[0])
        if not targets:
            return context.dead
        if len(targets) > 1:
            return self._forks.go(context, targets, before)
        return context.live if targets[0] == context.exit else self.enter(context, targets[0], before)

    def _leaves_no_node(self, step_id: str, before: Before) -> bool:
        plain = self.desk.kind[step_id] in (StepKind.PURE, StepKind.TASK)
        return plain and self.desk.riding.rides(step_id, before)

    def enter(self, context: Context, step_id: str, before: Before) -> str:
        """Return the key of the node where a step begins: its call, or the reading of its answer."""
        if self.desk.riding.rides(step_id, before):
            return self.read(context, step_id, before)
        return self.desk.node(context, "call", step_id, lambda: self._call(context, step_id))

    def read(self, context: Context, step_id: str, before: Before, *, called: bool = False) -> str:
        """Return the key of what follows once a step has ridden along, or a pure step was `called` itself.

        `before` is what is just before the step.
        """
        if self.desk.kind[step_id] is StepKind.LOOP:
            return self.loop(context, step_id)
        after = self.desk.riding.passed(step_id, before)
        if self.desk.kind[step_id] in (StepKind.PURE, StepKind.TASK):
            return self.go(context, self.desk.graph.children(step_id), after)
        role = ("own-" if called else "") + _READING[after]
        failure = Told.BY_CALL if called else self._told(context)
        return self.desk.node(context, role, step_id, lambda: self._reading(context, step_id, after, failure))

    def _told(self, context: Context) -> Told:
        outside = context.level.iterator is None and not self.desk.definition.fail_fast
        return Told.BY_RUN if outside else Told.HERE

    def _call(self, context: Context, step_id: str) -> Node:
        kind = self.desk.kind[step_id]
        rides = self.desk.rides_of(context, step_id)
        failed = self._after_failure(context, (step_id, *rides))
        if kind is StepKind.CALLBACK:
            after = self.go(context, self.desk.graph.children(step_id), Before.START)
            timeout = self.desk.form_timeout(step_id)
            return AwaitForm(step_id, rides, self.desk.retries(step_id), timeout, after, failed)
        return CallStep(
            step_id, rides, self.desk.retries(step_id), self._after_call(context, step_id), failed
        )

    def _after_failure(self, context: Context, steps: Sequence[str]) -> str | None:
        """Return the key of what follows the failure of a call of steps; None where the scope just fails.

        A call that is lost needs a state that tells of it where other calls are made at the same time, as
        nobody else could tell which one it was, and where a step is to be tried again or passed over.
        """
        alone = context.building is self._root and not any(map(self.desk.survives, steps))
        return context.failed or (None if alone else context.building.end(EndKind.BROKEN))

    def _after_call(self, context: Context, step_id: str) -> str:
        kind = self.desk.kind[step_id]
        if kind.rides_along:
            return self.read(context, step_id, Before.PURE, called=True)
        return self.go(context, self.desk.graph.children(step_id), Before.CALL)

    def loop(self, context: Context, step_id: str) -> str:
        """Return the key of the node that runs a loop's body once its items are counted."""
        return self.desk.node(context, "loop", step_id, lambda: loop_node(self, context, step_id))

    def _reading(self, context: Context, step_id: str, after: Before, failure: Told) -> Node:
        ways = self.desk.riding.ways_on(step_id)
        kind = self.desk.kind[step_id]
        if kind is StepKind.WAIT:
            return WaitUntil(step_id, self.go(context, ways[0], Before.NOTHING))
        answers = [Answer(step_id, index, self.go(context, way, after)) for index, way in enumerate(ways)]
        if kind is StepKind.FILTER:
            matched = answers[0].next
            answers = [Answer(step_id, True, matched), Answer(step_id, False, context.dead)]  # noqa: FBT003 - values
        if failure is not Told.BY_CALL:
            failed = context.failed or context.building.end(EndKind.BROKEN)
            answers.append(Answer(step_id, FAILED, failed))
        return ReadAnswers(step_id, tuple(answers), failure)
