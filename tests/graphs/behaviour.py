"""How steps take part in an interpreted run, told in the tests' own words for control steps.

FILTER and IF_ELSE are evaluated by the product's filters. The rest is written from the reference, so that it
can disagree with the product's actions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import PureAction
from ventuno.actions.registry import ACTIONS
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.expressions import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.definition.model import Step
    from ventuno.engine.behaviour import Verdict
    from ventuno.json_value import JsonValue

KINDS = {
    "FILTER": StepKind.FILTER,
    "IF_ELSE": StepKind.CHOICE,
    "EMPTY": StepKind.PURE,
    "ITERATOR": StepKind.LOOP,
    "DELAY": StepKind.WAIT,
    "FORM": StepKind.CALLBACK,
}


@dataclass(frozen=True)
class Done:
    """An EMPTY step's verdict."""

    result: JsonValue
    status: StepStatus = StepStatus.SUCCESS
    branch: int | None = None


class ReferenceBehaviour:
    """The Behaviour of the interpreter's tests."""

    def kind(self, step: Step) -> StepKind:
        return KINDS.get(step.type, StepKind.TASK)

    def evaluate(self, step: Step, values: Mapping[str, Any], now: datetime) -> Verdict:
        if step.type == "EMPTY":
            return Done({})
        action = ACTIONS[step.type]
        assert isinstance(action, PureAction)
        return action.evaluate(action.settings_type.model_validate(step.settings.input), values, now)

    def due(self, step: Step, values: Mapping[str, Any], now: datetime) -> datetime:
        given: Any = resolve(step.settings.input, values)
        if given.get("delayType") == "SCHEDULED_DATE":
            if not given.get("scheduledDateTime"):
                raise errors.StepInputError("Scheduled date time is required for scheduled date delay")
            at = datetime.fromisoformat(given["scheduledDateTime"])
            if at < now:
                raise errors.StepInputError("Scheduled date cannot be in the past")
            return at
        if not isinstance(given.get("duration"), dict):
            raise errors.StepInputError("Duration is required for duration delay")
        return now + timedelta(**{unit: float(number) for unit, number in given["duration"].items()})

    def items(self, step: Step, values: Mapping[str, Any], now: datetime) -> Sequence[JsonValue]:
        del now
        items: Any = resolve(step.settings.input.get("items"), values)
        if isinstance(items, str):
            try:
                items = json.loads(items)
            except ValueError as error:
                raise errors.StepInputError(str(error)) from error
        if not isinstance(items, list):
            raise errors.StepInputError("Iterator input items must be an array")
        return items
