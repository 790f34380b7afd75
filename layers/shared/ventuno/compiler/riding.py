"""Which steps the call before them takes along: pure steps reached through pure steps, up to a join or wait.

A call that starts with pure steps, because a join, a wait or an iteration's begin is before it, also runs the
first task that they lead to. What lies behind a join cannot ride: whether it runs is only known once all
branches have arrived.
"""

from __future__ import annotations

import json
import re
from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from ventuno.compiler.regions import nests
from ventuno.definition.graph import branch_targets
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ventuno.compiler.regions import Component, Level
    from ventuno.definition.graph import Graph
    from ventuno.definition.model import Definition


_VERDICTS = (StepKind.PURE, StepKind.FILTER, StepKind.CHOICE)
_WAITING = (StepKind.WAIT, StepKind.CALLBACK)
LATER = (StepKind.LOOP, StepKind.WAIT)
"""Kinds that are followed later than by the call that evaluated them."""
_TIME = re.compile(r"\bnow\b|is_?(today|in_?past|in_?future|relative)", re.IGNORECASE)
"""What makes a pure step's verdict depend on when it is found; more may match than does."""


class Before(Enum):
    """What is just before a step.

    NOTHING: a join, a wait, or the start of a loop's body.
    START:   the start of a run, or a form's answer: what must be stored before it runs cannot ride.
    PURE:    a call of pure steps alone, which always come to the same; it may run one task.
    CALL:    any other call, perhaps with riders between.
    FORK:    a call, and a fork between.
    """

    NOTHING = auto()
    START = auto()
    PURE = auto()
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
        self._timed: dict[str, bool] = {}

    def ways_on(self, step_id: str) -> list[list[str]]:
        """List what may follow a step: one list of next steps, or one per branch."""
        if self._kind[step_id] is StepKind.CHOICE:
            count = len(branch_targets(self._definition.step(step_id)))
            return [self._graph.children(step_id, index) for index in range(count)]
        return [self._graph.children(step_id)]

    def after(self, level: Level, end: str | None, step_id: str) -> tuple[str, ...]:
        """List the riders of a host whose path ends at `end`, in topological order."""
        if self._kind[step_id] in LATER:
            return ()
        found: dict[tuple[str, Way], None] = {}

        def visit(target: str, way: Way) -> list[list[str]]:
            known = (target, way) in found
            found[target, way] = None
            return [] if known or self._kind[target] in LATER else self.ways_on(target)

        first = self.leading(step_id)
        self.walk(level, [Way(end, tuple(targets), first) for targets in self.ways_on(step_id)], visit)
        return tuple(level.ordered({target for target, _ in found}))

    def is_later(self, step_id: str) -> bool:
        """Whether what follows a step follows later than by the call that evaluated it."""
        return self._kind[step_id] in LATER

    def leading(self, host: str) -> Before:
        """Tell what is just before the steps that follow a host's call."""
        if host == TRIGGER or self._kind[host] is StepKind.CALLBACK:
            return Before.START
        return self.passed(host, Before.PURE)

    def passed(self, step_id: str, before: Before) -> Before:
        """Tell what is just before the steps that follow a step: after a task the call takes no other along.

        Neither does it where a pure step looks at the time: tried again, it could come to something else.
        """
        goes_on = self._kind[step_id] in _VERDICTS and not self._looks_at_time(step_id)
        return before if before is not Before.PURE or goes_on else Before.CALL

    def _looks_at_time(self, step_id: str) -> bool:
        if step_id not in self._timed:
            authored = json.dumps(self._definition.step(step_id).settings.input, default=str)
            self._timed[step_id] = _TIME.search(authored) is not None
        return self._timed[step_id]

    def loops_that_wait(self, steps: Iterable[str]) -> tuple[str, ...]:
        """List the loops among some steps that have a wait in their bodies."""
        members = self._graph.loops.members
        loops = (step for step in steps if self._kind[step] is StepKind.LOOP)
        return tuple(loop for loop in loops if any(self._kind[step] in _WAITING for step in members[loop]))

    def within(self, level: Level, part: Component) -> dict[str, tuple[str, ...]]:
        """List the riders of every host in a part that rounds run."""
        found: dict[str, tuple[str, ...]] = {}
        inside = set(part.steps).difference(part.entries)
        riding: set[str] = set()
        for step in part.steps:
            if step not in riding:
                found[step] = self._with_host(level, inside, step)
                riding.update(found[step])
        return found

    def _with_host(self, level: Level, inside: Collection[str], host: str) -> tuple[str, ...]:
        """List the riders of one host, in topological order: what nothing else leads to.

        Where a host leads to several, only what can fail without its host may ride.
        """
        found: dict[str, None] = {}
        todo = [(host, self.leading(host))]
        while todo:
            source, before = todo.pop()
            if self._kind[source] in LATER:
                continue
            targets = dict.fromkeys(edge.target for edge in level.out(source))
            if len(targets) > 1 or self._kind[source] is StepKind.CHOICE:
                before = Before.FORK
            for target in targets:
                only = {edge.source for edge in level.into(target)} == {source}
                if target in inside and only and self.rides(target, before):
                    found[target] = None
                    todo.append((target, self.passed(target, before)))
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
                    before = self.passed(target, way.before)
                    todo.extend(Way(way.end, tuple(targets), before) for targets in ways)

    def rides(self, step_id: str, before: Before) -> bool:
        """Whether the call before a step evaluates it too; a retry needs a call of its own.

        Behind a fork only what a Choice reads may ride: it can say that the step failed, and let the other
        branches go on.
        """
        kind = self._kind[step_id]
        options = self._definition.step(step_id).settings.error_handling_options
        if before is Before.NOTHING or options.retry_on_failure.value:
            return False
        if before is Before.FORK:
            return kind in (StepKind.FILTER, StepKind.CHOICE)
        if kind is StepKind.LOOP:
            return before is not Before.START
        return kind.rides_along or (kind is StepKind.TASK and before is Before.PURE)


def _branches(level: Level, way: Way) -> list[Way]:
    """Follow a fork's branches up to its join; a part that runs in rounds has calls of its own throughout."""
    join = level.join_of(way.targets)
    parts = level.components(way.targets, join)
    before = Before.FORK if len(parts) > 1 else way.before
    return [Way(join, part.entries, before) for part in parts if nests(level, part, join)]
