"""How the steps of a definition take part in a simulated run: the run rules ask, the actions answer.

A type that no action has is a task: a simulation does no work, it only needs to know when steps run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.base import LoopAction, PureAction, WaitAction
from ventuno.actions.registry import ACTIONS, KINDS
from ventuno.definition.kinds import StepKind
from ventuno.definition.loading import findings_from
from ventuno.engine.timeline import told_instant
from ventuno.expressions import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno.actions.base import Outcome
    from ventuno.definition.model import Step
    from ventuno.json_value import JsonValue
    from ventuno.wire import Wire


class ActionBehaviour:
    """The Behaviour of one definition; settings are read once per step, however often it runs."""

    def __init__(self) -> None:
        self._settings: dict[str, Wire] = {}

    def kind(self, step: Step) -> StepKind:
        """Tell how a step runs."""
        return KINDS.get(step.type, StepKind.TASK)

    def evaluate(self, step: Step, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Evaluate a pure step. Raises: StepError"""
        action = ACTIONS[step.type]
        if not isinstance(action, PureAction):
            raise TypeError(f"{step.type} is not evaluated")
        return action.evaluate(self._settings_of(step), _seen(values, now), now)

    def due(self, step: Step, values: Mapping[str, Any], now: datetime) -> datetime:
        """Tell when a wait ends. Raises: StepError"""
        action = ACTIONS[step.type]
        if not isinstance(action, WaitAction):
            raise TypeError(f"{step.type} does not wait")
        return action.due(self._settings_of(step), _seen(values, now), now)

    def items(self, step: Step, values: Mapping[str, Any], now: datetime) -> Sequence[JsonValue]:
        """List the items of a loop. Raises: StepError"""
        action = ACTIONS[step.type]
        if not isinstance(action, LoopAction):
            raise TypeError(f"{step.type} has no items")
        return action.items(self._settings_of(step), _seen(values, now))

    def _settings_of(self, step: Step) -> Any:  # noqa: ANN401 - the model of the step's action
        if step.id not in self._settings:
            try:
                model = ACTIONS[step.type].settings_type
                self._settings[step.id] = model.model_validate(step.settings.input)
            except ValidationError as error:
                told = "; ".join(f"{found.path}: {found.message}" for found in findings_from(error, "input"))
                raise errors.StepInputError(told) from error
        return self._settings[step.id]


def _seen(values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Add the current instant to what variables see."""
    return {**values, NOW: told_instant(now)}
