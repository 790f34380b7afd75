"""What the interpreter must be told of step types; `actions` knows it, and the engine imports no action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno.definition.kinds import StepKind
    from ventuno.definition.model import Step
    from ventuno.engine.statuses import StepStatus
    from ventuno.json_value import JsonValue


class Verdict(Protocol):
    """What a pure step came to; `actions.base.Outcome` is one."""

    @property
    def result(self) -> JsonValue:
        """The step's result."""

    @property
    def status(self) -> StepStatus:
        """SUCCESS, or STOPPED for a filter that does not match."""

    @property
    def branch(self) -> int | None:
        """The index of the branch an IF_ELSE took."""


class Behaviour(Protocol):
    """How the steps of a definition take part in a run.

    `values` holds the results by step id and the payload under `trigger`. Every method but `kind` may
    raise StepError; a StepInputError is not retried.
    """

    def kind(self, step: Step) -> StepKind:
        """Tell how a step runs. Raises: KeyError for an unknown type"""

    def evaluate(self, step: Step, values: Mapping[str, Any], now: datetime) -> Verdict:
        """Evaluate a step of kind PURE, FILTER or CHOICE."""

    def due(self, step: Step, values: Mapping[str, Any], now: datetime) -> datetime:
        """Tell when a step of kind WAIT ends."""

    def items(self, step: Step, values: Mapping[str, Any], now: datetime) -> Sequence[JsonValue]:
        """List the items of a step of kind LOOP."""
