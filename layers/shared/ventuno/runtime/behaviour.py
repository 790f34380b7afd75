"""How the steps of a definition take part in a simulated run: the run rules ask, the actions answer.

A type that no action has is a task: a simulation does no work, it only needs to know when steps run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.actions.registry import KINDS
from ventuno.definition.kinds import StepKind
from ventuno.engine.timeline import told_instant
from ventuno.expressions import NOW
from ventuno.runtime.work import ActionWork, At

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno.actions.base import Outcome
    from ventuno.definition.model import Step
    from ventuno.json_value import JsonValue

_ANYWHERE = At((), 0)
"""The actions themselves do not ask where a step runs."""


class ActionBehaviour:
    """The Behaviour that the actions have."""

    def __init__(self) -> None:
        self._work = ActionWork()

    def kind(self, step: Step) -> StepKind:
        """Tell how a step runs."""
        return KINDS.get(step.type, StepKind.TASK)

    def evaluate(self, step: Step, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Evaluate a pure step. Raises: StepError"""
        return self._work.evaluate(step, _ANYWHERE, _seen(values, now), now)

    def due(self, step: Step, values: Mapping[str, Any], now: datetime) -> datetime:
        """Tell when a wait ends. Raises: StepError"""
        return self._work.wait(step, _ANYWHERE, _seen(values, now), now).until

    def items(self, step: Step, values: Mapping[str, Any], now: datetime) -> Sequence[JsonValue]:
        """List the items of a loop. Raises: StepError"""
        return self._work.items(step, _ANYWHERE, _seen(values, now))


def _seen(values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Add the current instant to what variables see."""
    return {**values, NOW: told_instant(now)}
