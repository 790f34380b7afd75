"""What the calls of rounds know of the part they run: its steps, who rides with whom, and whose turn it is.

Source: reference §4.3, as `engine.rules` has it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.regions import LEVEL_END
from ventuno.engine.reached import Reached, status_over
from ventuno.engine.rules import Decision, decide
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ventuno.compiler.regions import Component, Level
    from ventuno.compiler.riding import Riding

_PASSED_OVER = {
    Decision.SKIP: Reached(StepStatus.SKIPPED),
    Decision.FAIL_SAFELY: Reached(StepStatus.FAILED_SAFELY),
    Decision.WAIT: Reached(StepStatus.NOT_STARTED),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a level in which nothing nests; `join` is where it leads, `rides` lists riders by host.

    `beside` are the loops that run in branches of their own.
    """

    level: Level
    component: Component
    join: str
    rides: Mapping[str, Sequence[str]]
    beside: tuple[str, ...]

    def passed_over(self, step_id: str, reached: Mapping[str, Reached]) -> Reached | None:
        """Tell what a step is that may not run now, or None where it is its turn.

        `reached` holds what the steps before it came to. A fork leads to the entries, so they may always run.
        """
        parents = [*self._arriving(step_id, reached)]
        if step_id in self.component.entries:
            parents.append(StepStatus.SUCCESS)
        return _PASSED_OVER.get(decide(parents))

    def join_is_live(self, reached: Mapping[str, Reached]) -> bool:
        """Whether the part arrived at its join."""
        return self.join != LEVEL_END and StepStatus.SUCCESS in self._arriving(self.join, reached)

    def _arriving(self, step_id: str, reached: Mapping[str, Reached]) -> Iterator[StepStatus]:
        for edge in self.level.into(step_id):
            if edge.source in reached:
                yield status_over(edge, reached[edge.source])


def part_of(level: Level, entries: tuple[str, ...], riding: Riding) -> Part:
    """Return the part that begins with some steps."""
    join = level.join_of(entries)
    (component,) = level.components(entries, join)
    beside = riding.loops_that_wait(component.steps)
    return Part(level, component, join, riding.within(level, component), beside)
