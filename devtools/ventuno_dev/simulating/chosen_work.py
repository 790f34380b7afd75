"""Work whose outcomes were chosen: nothing is written, nobody is called.

Without an outcome a task succeeds with `{}`, a form waits, and what is pure is evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import Outcome
from ventuno.runs.places import Place, iteration_of
from ventuno.runtime.asking import AskedForm
from ventuno.runtime.work import DELAY_RESULT, At, Waited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno.actions.base import StepCall
    from ventuno.definition.model import Step
    from ventuno.engine.behaviour import Behaviour
    from ventuno.engine.outcomes import ChosenOutcome, Outcomes
    from ventuno.json_value import JsonValue
    from ventuno.ports import Clock


class ChosenError(errors.StepError):
    """An error that somebody chose; it may be any JSON."""

    def __init__(self, chosen: JsonValue) -> None:
        self._chosen = chosen
        super().__init__(str(chosen))

    @property
    def told(self) -> JsonValue:
        """The error as it was chosen."""
        return self._chosen


class ChosenWork:
    """The Work of a simulated run; `order` holds the places of steps as they started."""

    def __init__(self, behaviour: Behaviour, outcomes: Outcomes, clock: Clock) -> None:
        self._behaviour = behaviour
        self._outcomes = outcomes
        self._clock = clock
        self.order: dict[Place, None] = {}

    def _chosen(self, step: Step, at: At) -> ChosenOutcome | None:
        self.order[Place(step.id, iteration_of(at.iteration))] = None
        chosen = self._outcomes.of(step.id, at.iteration, at.attempt)
        if chosen is not None and chosen.error is not None:
            raise ChosenError(chosen.error)
        return chosen

    def run(self, step: Step, at: At, values: Mapping[str, Any], call: StepCall) -> JsonValue:
        """Return the chosen result. Raises: ChosenError"""
        del values, call
        chosen = self._chosen(step, at)
        return {} if chosen is None else chosen.result

    def evaluate(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Return the chosen verdict, or find it. Raises: StepError"""
        chosen = self._chosen(step, at)
        verdict = self._behaviour.evaluate(step, values, now) if chosen is None else chosen
        return Outcome(verdict.result, verdict.status, verdict.branch)

    def wait(self, step: Step, at: At, values: Mapping[str, Any], now: datetime) -> Waited:
        """Tell when a wait ends; what it results in may be chosen. Raises: StepError"""
        chosen = self._chosen(step, at)
        result = DELAY_RESULT if chosen is None else chosen.result
        return Waited(self._behaviour.due(step, values, now), result)

    def items(self, step: Step, at: At, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        """List the items of a loop. Raises: StepError"""
        self._chosen(step, at)
        return self._behaviour.items(step, values, self._clock.now())

    def answer(self, step: Step, at: At) -> Outcome | None:
        """Return a form's chosen answer. Raises: ChosenError"""
        chosen = self._chosen(step, at)
        return None if chosen is None else Outcome(chosen.result)

    def ask(self, step: Step, values: Mapping[str, Any]) -> AskedForm:
        """Ask what was authored: nobody reads a simulated form."""
        del step, values
        return AskedForm(None, None)
