"""Watch the tasks of a simulated run, and let something happen in them: time passes, or a call dies."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno_dev.simulating.machine import RunningMachine


class Watched:
    """The work of a run, with something that happens before each task; `ran` counts tasks."""

    def __init__(self, machine: RunningMachine, before: Callable[[str], None]) -> None:
        self._work = machine.services.work
        self._before = before
        self.ran: Counter[str] = Counter()
        machine.services = replace(machine.services, work=self)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest of the work
        return getattr(self._work, name)

    def run(self, step: Any, *given: Any) -> Any:  # noqa: ANN401 - what work is given
        self.ran[step.id] += 1
        self._before(step.id)
        return self._work.run(step, *given)


def died(machine: RunningMachine, *deaths: str) -> Watched:
    """Let the function die in the calls of some steps, as often as they are named."""
    left = Counter(deaths)

    def die(step_id: str) -> None:
        if left[step_id] > 0:
            left[step_id] -= 1
            raise StateError("Lambda.Unknown", "the function was killed")

    return Watched(machine, die)
