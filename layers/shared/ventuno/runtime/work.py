"""How the steps of a run do their work: by the actions, or in a simulation by chosen outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.base import LoopAction, Outcome, PureAction, TaskAction, WaitAction
from ventuno.actions.registry import ACTIONS
from ventuno.definition.loading import told
from ventuno.expressions import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno.actions.base import StepCall
    from ventuno.definition.model import Step
    from ventuno.json_value import JsonValue
    from ventuno.runs.places import Indexes
    from ventuno.runtime.asking import AskedForm
    from ventuno.wire import Wire

DELAY_RESULT: JsonValue = {"success": True}


class At(NamedTuple):
    """The iteration a step runs in, and how often it has failed in it before."""

    iteration: Indexes
    attempt: int


class Waited(NamedTuple):
    """When a wait ends, and what it results in then."""

    until: datetime
    result: JsonValue


class Work(Protocol):
    """Does the work of steps. `values` holds the results by step id. Every method may raise StepError."""

    def run(self, step: Step, at: At, values: Mapping[str, Any], call: StepCall) -> JsonValue:
        """Run a step of kind TASK and return its result."""

    def evaluate(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Evaluate a step of kind PURE, FILTER or CHOICE."""

    def wait(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Waited:
        """Tell when a step of kind WAIT ends."""

    def items(self, step: Step, at: At, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        """List the items of a step of kind LOOP."""

    def answer(self, step: Step, at: At) -> Outcome | None:
        """Return the answer of a step of kind CALLBACK if it is there already, else None."""

    def ask(self, step: Step, values: Mapping[str, Any]) -> AskedForm:
        """Resolve what a step of kind CALLBACK asks."""


class ActionWork:
    """The actions themselves."""

    def run(self, step: Step, at: At, values: Mapping[str, Any], call: StepCall) -> JsonValue:
        """Run an action on its resolved settings. Raises: StepError"""
        del at
        action = ACTIONS[step.type]
        if not isinstance(action, TaskAction):
            raise TypeError(f"{step.type} is no task")
        resolved = _resolved(step.settings.input, action, values)
        result: JsonValue = action.run(_validated(action.settings_type, resolved), call)
        return result

    def evaluate(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Evaluate a pure action. Raises: StepError"""
        del at
        action = ACTIONS[step.type]
        if not isinstance(action, PureAction):
            raise TypeError(f"{step.type} is not evaluated")
        return action.evaluate(_authored(step), values, now)

    def wait(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Waited:
        """Compute the end of a wait. Raises: StepError"""
        del at
        action = ACTIONS[step.type]
        if not isinstance(action, WaitAction):
            raise TypeError(f"{step.type} does not wait")
        return Waited(action.due(_authored(step), values, now), DELAY_RESULT)

    def items(self, step: Step, at: At, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        """Resolve the items of a loop. Raises: StepError"""
        del at
        action = ACTIONS[step.type]
        if not isinstance(action, LoopAction):
            raise TypeError(f"{step.type} has no items")
        return action.items(_authored(step), values)

    def answer(self, step: Step, at: At) -> Outcome | None:
        """Return None: an answer comes from outside."""
        del step, at
        return None

    def ask(self, step: Step, values: Mapping[str, Any]) -> AskedForm:
        """Resolve a form. Raises: StepInputError"""
        from ventuno.runtime.asking import asked_form  # noqa: PLC0415 - forms, which few calls need

        return asked_form(step, values)


def _authored(step: Step) -> Any:  # noqa: ANN401 - the settings model of the step's action
    model = ACTIONS[step.type].settings_type
    try:
        return step.settings.input_as(model)
    except ValidationError as error:
        raise _input_error(error, step.settings.input, model) from error


def _validated(model: type[Wire], settings: Any) -> Any:  # noqa: ANN401 - same
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        raise _input_error(error, settings, model) from error


def _input_error(error: ValidationError, given: Any, model: type[Wire]) -> errors.StepInputError:  # noqa: ANN401 - author JSON
    return errors.StepInputError("; ".join(told(error, given, "input", model)))


def _resolved(authored: Any, action: TaskAction[Any], values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - author JSON
    if not isinstance(authored, dict):
        return resolve(authored, values)
    own = {key: value for key, value in authored.items() if key in action.resolved_by_itself}
    rest = {key: value for key, value in authored.items() if key not in own}
    return {**cast("dict[str, Any]", resolve(rest, values)), **own}
