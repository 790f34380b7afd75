"""A region that no nesting expresses (a→j, b→j, b→x), run one step after another behind guards.

Each step leaves a mark of what came of it; before each step a Choice finds the next whose turn it is:
some parent arrived, and nothing before it failed. Statuses are exact, only concurrency is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.plan import FAILED, Condition, Dispatch, Remembered, Rule
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.compiler.regions import Component, Level

    Patience = Callable[[str], int]
    """Tells how long a step can take: 0 for a moment, 1 until an instant, 2 until somebody answers."""

LOOKAHEAD = 24
"""How many steps one Choice tests; the next Choice tests the rest, which keeps machines linear in size."""


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
    """The conditions of one serialised region; `number` keeps its marks apart from other regions'."""

    def __init__(
        self, part: Component, level: Level, kind: Mapping[str, StepKind], number: int, patience: Patience
    ) -> None:
        self._entries = frozenset(part.entries)
        self._level = level
        self._kind = kind
        self.steps = self._in_order(part.steps, patience)
        self.position = {step: index for index, step in enumerate(self.steps)}
        self._mark = {step: f"r{number}s{index}" for index, step in enumerate(self.steps)}
        self._before = self._ancestors()

    def _in_order(self, steps: Sequence[str], patience: Patience) -> tuple[str, ...]:
        """Put what waits, and what hangs on it, last: nobody else is to wait for a form or a delay."""
        after: dict[str, int] = {}
        for step in steps:
            before = [after[edge.source] for edge in self._level.into(step) if edge.source in after]
            after[step] = max([patience(step), *before])
        return tuple(sorted(steps, key=after.__getitem__))

    def mark(self, step: str) -> str:
        """Return the mark under which a step's outcome is remembered."""
        return self._mark[step]

    def answered(self, step: str) -> bool:
        """Whether the mark takes the step's answer; for other steps it is true."""
        return self._kind[step] in (StepKind.FILTER, StepKind.CHOICE)

    def _ancestors(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for step in self.steps:
            above: dict[str, None] = {}
            for edge in self._level.into(step):
                if edge.source in self._mark:
                    above |= found[edge.source] | {edge.source: None}
            found[step] = above
        return {step: tuple(self._mark[one] for one in above) for step, above in found.items()}

    def turn_of(self, step: str) -> Condition:
        """Return the condition under which a step of the region runs when it is its turn."""
        arrivals = () if step in self._entries else self._arrivals(step)
        return Condition(arrivals, self._before[step])

    def _arrivals(self, step: str) -> tuple[Remembered, ...]:
        return tuple(
            Remembered(self._mark[edge.source], True if edge.branch is None else edge.branch)
            for edge in self._level.into(step)
            if edge.source in self._mark
        )

    def dispatch(self, index: int, key_of: Mapping[str, str], exits: Exits, later: str) -> Dispatch | str:
        """Return the Choice after the step before `index`, or the key of the node that is next for certain.

        `later` is the key of the dispatch LOOKAHEAD steps on, used when the rest is longer.
        """
        rules: list[Rule] = []
        for step in self.steps[index : index + LOOKAHEAD]:
            condition = self.turn_of(step)
            if not condition.any_of and not condition.none_failed:
                return self._choice(rules, key_of[step])
            rules.append(Rule(condition, key_of[step]))
        if index + LOOKAHEAD < len(self.steps):
            return self._choice(rules, later)
        rules += self._leaving(exits)
        return self._choice(rules, exits.arrived if exits.certain else exits.dead)

    def _leaving(self, exits: Exits) -> list[Rule]:
        if exits.arrived == exits.dead == exits.failed:
            return []
        failures = tuple(Remembered(mark, FAILED) for mark in self._mark.values())
        rules = [Rule(Condition(failures), exits.failed)]
        if exits.join is not None and not exits.certain:
            rules.append(Rule(Condition(self._arrivals(exits.join)), exits.arrived))
        return rules

    @staticmethod
    def _choice(rules: list[Rule], default: str) -> Dispatch | str:
        return Dispatch(tuple(rules), default) if rules else default
