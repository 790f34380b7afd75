"""A region that no nesting expresses (a→j, b→j, b→x), run one step after another.

Each step leaves a mark of what came of it. As long as nothing failed, a step follows directly where it is
certain that it is its turn; elsewhere a Choice finds the next one: some parent arrived, and nothing before it
failed. Statuses are exact, only concurrency is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from ventuno.compiler.contract import FAILED
from ventuno.compiler.plan import COUNT, SET, Condition, Dispatch, Mark, Remembered, Rule
from ventuno.compiler.riding import LATER, WAITING
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ventuno.compiler.regions import Component, Level
    from ventuno.definition.graph import Edge

    Patience = Callable[[str], int]
    """Tells how long a step can hold up others; 0 for a moment."""

LOOKAHEAD = 24
"""How many steps one Choice tests; the next Choice tests the rest, which keeps machines linear in size."""
_LOOKBACK = 32
"""How many steps back it is looked for what must have happened before a step ran."""

ANSWERING = (StepKind.FILTER, StepKind.CHOICE)
"""Kinds whose answer says which of their links are live; all other links are, once their step has run."""

Facts: TypeAlias = "Mapping[str, bool | int]"
"""What is certain at some place of a machine: the marks of steps that have run."""


@dataclass(frozen=True, slots=True)
class Exits:
    """Where a serialised region leads.

    `certain` says that a direct link makes the join live; the keys are the ends of its path.
    """

    join: str | None
    arrived: str
    dead: str
    failed: str
    certain: bool


class Serialised:
    """The conditions of one serialised region; `number` keeps its marks apart from other regions'.

    `rides` maps hosts to riders, which have no state of their own but for a delay's wait or a loop's body.
    """

    def __init__(
        self,
        part: Component,
        level: Level,
        kind: Mapping[str, StepKind],
        number: int,
        rides: Mapping[str, Sequence[str]],
    ) -> None:
        self._entries = frozenset(part.entries)
        self._level = level
        self._kind = kind
        self._number = number
        self._mark = {step: f"r{number}s{index}" for index, step in enumerate(part.steps)}
        self.riding = frozenset(rider for riders in rides.values() for rider in riders)
        self._untold = {step for step in self.riding if kind[step] in ANSWERING}
        self._before = {step: tuple(above) for step, above in self._ancestors(part.steps).items()}
        self._always = self._certain(part.steps)
        self.steps: tuple[str, ...] = ()
        self.chained: tuple[str, ...] = ()
        self.position: dict[str, int] = {}

    def arrange(self, patience: Patience) -> None:
        """Put what waits, and what hangs on it, last, and more so what waits after it.

        Where two may wait at once, what follows the first wait is left out of the chain.
        """
        after: dict[str, int] = {}
        for step in self._mark:
            before = [after[edge.source] for edge in self._arriving(step)]
            after[step] = patience(step) + max(before, default=0)
        states = [step for step in self._mark if self._has_state(step)]
        self.steps = tuple(sorted(states, key=after.__getitem__))
        meet = self._waits_meet(patience)
        self.chained = tuple(step for step in self.steps if not (meet and after[step]))
        self.position = {step: index for index, step in enumerate(self.steps)}

    def _has_state(self, step: str) -> bool:
        return step not in self.riding or self._kind[step] in LATER

    # --- marks ----------------------------------------------------------------------------------------

    def own_mark(self, step: str) -> Mark:
        """Return the mark that a step's call leaves: its answer, or that it has run."""
        answers = self._kind[step] in ANSWERING or self._kind[step] in LATER or self._opens(step)
        return Mark(self._mark[step], step if answers else None)

    def _opens(self, step: str) -> bool:
        return self._kind[step] is StepKind.CALLBACK

    def over(self, step: str) -> Mark:
        """Return the mark that a step leaves when it is over."""
        return Mark(self._mark[step], None)

    def marks(self, host: str, riders: Iterable[str]) -> tuple[Mark, ...]:
        """Return what a call leaves: the host's mark and those of the riders it evaluated."""
        return (self.own_mark(host), *(Mark(self._mark[rider], rider) for rider in riders))

    # --- what must have happened ----------------------------------------------------------------------

    def _arriving(self, step: str) -> Iterator[Edge]:
        return (edge for edge in self._level.into(step) if edge.source in self._mark)

    def _ancestors(self, steps: Iterable[str]) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for step in steps:
            above: dict[str, None] = {}
            for edge in self._arriving(step):
                above |= found[edge.source] | {edge.source: None}
            found[step] = above
        return found

    def _certain(self, steps: Iterable[str]) -> frozenset[str]:
        """Name the steps that run whatever happens, as long as nothing fails."""
        found = set(self._entries)
        for step in steps:
            links = self._arriving(step)
            if any(edge.source in found and self._kind[edge.source] not in ANSWERING for edge in links):
                found.add(step)
        return frozenset(found)

    def facts_after(self, step: str) -> dict[str, bool | int]:
        """Tell what is certain once a step has run."""
        facts: dict[str, bool | int] = {} if self._kind[step] in ANSWERING else {step: True}
        for _ in range(_LOOKBACK):
            links = list(self._arriving(step))
            if step in self._entries or len(links) != 1:
                break
            step = links[0].source
            facts[step] = True if links[0].branch is None else links[0].branch
        return facts

    def _sure(self, step: str, facts: Facts) -> bool:
        """Whether some parent of a step arrived for certain."""
        if step in self._always:
            return True
        return any(
            facts.get(edge.source) == _value(edge)
            if edge.source in facts
            else edge.source in self._always and self._kind[edge.source] not in ANSWERING
            for edge in self._arriving(step)
        )

    def _impossible(self, step: str, facts: Facts, dead: set[str]) -> bool:
        """Whether no parent of a step can arrive any more."""
        if step in self._entries:
            return False
        return all(
            edge.source in dead or (edge.source in facts and facts[edge.source] != _value(edge))
            for edge in self._arriving(step)
        )

    # --- waits ----------------------------------------------------------------------------------------

    def _waits_meet(self, patience: Patience) -> bool:
        """Whether two steps of the region may wait at once; of two loops each waits as a whole."""
        waits = [step for step in self._mark if patience(step)]
        return any(
            one not in self._before[other] and other not in self._before[one]
            for index, one in enumerate(waits)
            for other in waits[:index]
            if self._kind[one] in WAITING or self._kind[other] in WAITING
        )

    def following(self) -> dict[str, str]:
        """Tell of steps which step runs after them for certain, in rounds: those that hang on one step alone.

        They follow it one after another, each with what hangs on it; if one fails, a round finds the others.
        """
        hanging: dict[str, list[str]] = {}
        for step in self.steps:
            if (host := self._hangs_on(step)) is not None:
                hanging.setdefault(host, []).append(step)
        heads = [step for step in hanging if self._hangs_on(step) is None]
        return {step: after for head in heads for step, after in pairwise(_preorder(head, hanging))}

    def _hangs_on(self, step: str) -> str | None:
        """Return the one step that another hangs on; not if others might wait for what is in a loop."""
        hosts = {edge.source for edge in self._arriving(step)}
        if (
            step in self._entries
            or step in self.riding
            or len(hosts) != 1
            or self._kind[step] is StepKind.LOOP
        ):
            return None
        (host,) = hosts
        return host if self._kind[host] in (StepKind.TASK, StepKind.PURE) and host in self.position else None

    def turn_in_rounds(self, step: str) -> Condition:
        """Return the condition under which it is a step's turn in a round."""
        mark = self._mark[step]
        if step in self.riding:
            return Condition((Remembered(mark, COUNT),))
        before = self._before[step]
        arrivals = () if step in self._entries else self._arrivals(step)
        waits = tuple(self._mark[one] for one in before if self._kind[one] in WAITING)
        return Condition(arrivals, tuple(self._mark[one] for one in before), mark, waits)

    def leaving_rounds(self, exits: Exits) -> list[tuple[Condition, str]]:
        """Tell where the region leads when nothing runs or waits any more; the last always holds."""
        failures = tuple(Remembered(mark, FAILED) for mark in self._mark.values())
        rules = [] if exits.arrived == exits.dead == exits.failed else [(Condition(failures), exits.failed)]
        if exits.certain:
            return [*rules, (Condition(), exits.arrived)]
        if exits.join is not None and exits.arrived != exits.dead:
            rules.append((Condition(self._arrivals(exits.join)), exits.arrived))
        return [*rules, (Condition(), exits.dead)]

    # --- whose turn it is -----------------------------------------------------------------------------

    def _turn(self, step: str, facts: Facts, since: str | None) -> Condition:
        """Return the condition under which a step runs where nothing has failed but, perhaps, a rider."""
        if step in self.riding and not self._sure(step, facts):
            return Condition((Remembered(self._mark[step], SET),))
        fine = self._before[since] if since is not None else ()
        doubtful = [one for one in self._before[step] if one in self._untold and one not in fine]
        arrivals = () if self._sure(step, facts) else self._arrivals(step)
        return Condition(arrivals, tuple(self._mark[one] for one in doubtful))

    def _arrivals(self, step: str) -> tuple[Remembered, ...]:
        return tuple(Remembered(self._mark[edge.source], _value(edge)) for edge in self._arriving(step))

    def dispatch(
        self, index: int, since: str | None, key_of: Mapping[str, str], exits: Exits, later: str | None
    ) -> Dispatch | str:
        """Return the Choice before the step at `index`, or the key of the node that is next for certain.

        `since` is the step that ran last, `later` the key where it goes on LOOKAHEAD steps on, or after the
        chain; without it the region ends here.
        """
        facts = {} if since is None else self.facts_after(since)
        dead: set[str] = set()
        rules: list[tuple[Condition, str]] = []
        for step in self.chained[index : index + LOOKAHEAD]:
            if self._impossible(step, facts, dead):
                dead.add(step)
            else:
                rules.append((self._turn(step, facts, since), key_of[step]))
        if later is not None:
            return _choice([*rules, (Condition(), later)])
        return _choice([*rules, *self._leaving(exits, facts)])

    def _leaving(self, exits: Exits, facts: Facts) -> list[tuple[Condition, str]]:
        """Tell where the region leads when nothing is left to run in it; of failures only riders' are new."""
        rules: list[tuple[Condition, str]] = []
        failures = tuple(Remembered(self._mark[rider], FAILED) for rider in sorted(self._untold))
        if failures and not exits.arrived == exits.dead == exits.failed:
            rules.append((Condition(failures), exits.failed))
        if exits.certain or (exits.join is not None and self._sure(exits.join, facts)):
            return [*rules, (Condition(), exits.arrived)]
        if exits.join is not None and exits.arrived != exits.dead:
            rules.append((Condition(self._arrivals(exits.join)), exits.arrived))
        return [*rules, (Condition(), exits.dead)]


def _preorder(head: str, hanging: Mapping[str, Sequence[str]]) -> Iterator[str]:
    todo = [head]
    while todo:
        step = todo.pop()
        yield step
        todo += reversed(hanging.get(step, ()))


def _value(edge: Edge) -> bool | int:
    return True if edge.branch is None else edge.branch


def _choice(rules: Sequence[tuple[Condition, str]]) -> Dispatch | str:
    """Make a Choice of rules up to the first that always holds; of that alone, its key."""
    needed: list[Rule] = []
    for condition, key in rules:
        if condition == Condition():
            return Dispatch(tuple(needed), key) if needed else key
        needed.append(Rule(condition, key))
    raise AssertionError("a region leads nowhere")
