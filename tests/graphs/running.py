"""Run a case on the product itself: the compiled machine, the real use cases, stores in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.engine.circumstances import START, Circumstances, no_time
from ventuno.engine.outcomes import parse_outcomes
from ventuno.runtime.behaviour import ActionBehaviour
from ventuno_dev.simulating.machine import RunningMachine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.graphs.cases import Case


def running(
    case: Case, duration: Callable[[str, tuple[int, ...]], float] = no_time, seed: int | None = None
) -> RunningMachine:
    """Start a case; nothing has run yet but what rides with the trigger."""
    model = case.model()
    given = Circumstances(case.payload, parse_outcomes(case.outcomes, model), START, duration)
    return RunningMachine(model, ActionBehaviour(), given, seed)


def ran(case: Case) -> RunningMachine:
    """Run a case to its end."""
    started = running(case)
    started.simulate()
    return started
