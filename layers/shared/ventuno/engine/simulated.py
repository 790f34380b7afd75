"""What a simulated run came to, in the form that `ventuno simulate` prints and comparisons read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.definition.model import Definition
    from ventuno.engine.frames import Execution, Frame
    from ventuno.engine.statuses import RunStatus


@dataclass(frozen=True, slots=True)
class SimulatedRun:
    """A run as it went.

    Item:  `steps` holds {status, result?, error?, history?, waitingFor?} by step id; `order` the ids in the
           order in which they started, a loop step once per iteration
    Units: `virtual_seconds`, and the times of `executions`, count from the run's start
    """

    status: RunStatus
    steps: dict[str, dict[str, Any]]
    order: list[str]
    virtual_seconds: float
    executions: tuple[Execution, ...]


def simulated_run(
    status: RunStatus, definition: Definition, root: Frame, executions: Sequence[Execution], seconds: float
) -> SimulatedRun:
    """Put together what is known of a run."""
    steps: dict[str, dict[str, Any]] = {}
    for step in definition.steps:
        history, now = root.told(step.id)
        steps[step.id] = now | ({"history": [*history]} if history else {})
    order = [execution.step_id for execution in executions]
    return SimulatedRun(status, steps, order, seconds, tuple(map(replace, executions)))
