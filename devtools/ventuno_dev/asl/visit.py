"""One visit to one state: its input, the variables and the context that its expressions see.

A scope (a Parallel's branch, a Map's iteration) reads the variables of the scopes around it and can neither
change nor hide them; what it assigns is gone when it ends. A Distributed Map's iterations see none of them.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import DATA_LIMIT_EXCEEDED, StateError, UnsupportedMachineError
from ventuno_dev.asl.templates import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno_dev.asl.history import History

MAX_BYTES = 262_144


@dataclass
class Surroundings:
    """What a scope has around it. `iteration` holds the indexes of the Maps around, outermost first."""

    context: dict[str, Any]
    history: History
    outer: Mapping[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    iteration: tuple[int, ...] = ()

    def inside(self, item: Mapping[str, Any] | None = None) -> Surroundings:
        """Make the surroundings of a scope inside, of one iteration when an item is given."""
        context = self.context if item is None else {**self.context, "Map": {"Item": dict(item)}}
        iteration = self.iteration if item is None else (*self.iteration, item["Index"])
        return Surroundings(context, self.history, {**self.outer, **self.own}, {}, iteration)

    def assign(self, values: Mapping[str, Any]) -> None:
        """Set variables of this scope."""
        if hidden := values.keys() & self.outer.keys():
            raise UnsupportedMachineError(f"an inner scope assigns outer variables: {sorted(hidden)}")
        self.own.update(values)


@dataclass
class Visit:
    """A state, its input, and what its expressions see besides."""

    name: str
    state: Mapping[str, Any]
    given: Any
    around: Surroundings
    entered_at: str
    retries: int = 0
    token: str | None = None

    @property
    def context(self) -> dict[str, Any]:
        """The context object, as `$states.context` shows it."""
        state = {"Name": self.name, "EnteredTime": self.entered_at, "RetryCount": self.retries}
        task = {} if self.token is None else {"Task": {"Token": self.token}}
        return {**self.around.context, "State": state, **task}

    def value(self, template: Any, **more: Any) -> Any:  # noqa: ANN401 - any JSON
        """Evaluate a template of this state; `more` are further members of `$states`. Raises: StateError"""
        states = {"input": self.given, "context": self.context, **more}
        return limited(evaluate(template, {**self.around.outer, **self.around.own, "states": states}))

    def field(self, key: str, default: Any, **more: Any) -> Any:  # noqa: ANN401 - any JSON
        """Evaluate a field of the state, or give the default where it is missing. Raises: StateError"""
        return self.value(self.state[key], **more) if key in self.state else default

    def leave(self, rule: Mapping[str, Any], default: Any, **more: Any) -> Any:  # noqa: ANN401 - any JSON
        """Evaluate Output and Assign of a state, rule or catcher; both see the variables as they were."""
        output = self.value(rule["Output"], **more) if "Output" in rule else default
        assigned = self.value(rule.get("Assign", {}), **more)
        self.around.assign(assigned)
        return limited(output)


def limited(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Pass a value on. Raises: StateError when it is larger than Step Functions allows"""
    if (
        isinstance(value, dict | list | str)
        and len(json.dumps(value, ensure_ascii=False).encode()) > MAX_BYTES
    ):
        raise StateError(DATA_LIMIT_EXCEEDED, f"a value is larger than {MAX_BYTES} bytes")
    return value
