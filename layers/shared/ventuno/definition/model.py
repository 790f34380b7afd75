"""The envelope of a definition: one trigger and a graph of steps, as authors write it.

The content of `settings.input` is opaque here; the action or trigger of that type owns its model.
Source: reference §1.2; decisions, Definitions.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from ventuno.wire import Wire

InputT = TypeVar("InputT", bound=BaseModel)

TRIGGER = "trigger"
"""The trigger's id in links, variables and step states."""

StepId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Links = Annotated[tuple[StepId, ...], BeforeValidator(lambda value: () if value is None else value)]


class Position(Wire):
    """Where the page draws a node; kept, never used."""

    x: float
    y: float


def _as_count(value: object) -> object:
    """Read the boolean spelling that older exports carry: false is no retry, true is one."""
    return int(value) if isinstance(value, bool) else value


class RetryOnFailure(Wire):
    """How often a failed step runs again, after 1, 5 and 15 seconds."""

    value: Annotated[int, BeforeValidator(_as_count), Field(ge=0, le=3)] = 0


class ContinueOnFailure(Wire):
    """Whether children run although the step failed."""

    value: bool = False


class ErrorHandlingOptions(Wire):
    """What happens when a step fails. Source: reference §4.6."""

    retry_on_failure: RetryOnFailure = RetryOnFailure()
    continue_on_failure: ContinueOnFailure = ContinueOnFailure()


class StepSettings(Wire):
    """A step's settings; `input` belongs to the action."""

    input: Any = Field(default_factory=dict)
    output_schema: Any = None
    expected_output_schema: Any = None
    error_handling_options: ErrorHandlingOptions = ErrorHandlingOptions()

    def input_as(self, model: type[InputT]) -> InputT:
        """Read the input by the model of its action, the first time only: a loop asks for each of its items.

        Raises: pydantic.ValidationError
        """
        if model not in self._inputs:
            self._inputs[model] = model.model_validate(self.input)
        return cast("InputT", self._inputs[model])

    @cached_property
    def _inputs(self) -> dict[type[BaseModel], BaseModel]:
        return {}


class Step(Wire):
    """One place in the graph."""

    id: StepId
    name: Annotated[str, Field(min_length=1, max_length=200)]
    type: str
    settings: StepSettings = StepSettings()
    next_step_ids: Links = ()
    position: Position | None = None
    valid: bool | None = None


class Trigger(Wire):
    """What starts a run; `settings` belongs to the trigger type."""

    type: str
    name: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    next_step_ids: Links = ()
    position: Position | None = None


class Definition(Wire):
    """A whole workflow as its author wrote it."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    trigger: Trigger
    steps: tuple[Step, ...]
    fail_fast: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the author's form: camelCase, nothing that was left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def step(self, step_id: str) -> Step:
        """Return the step with this id. Raises: KeyError"""
        return self._by_id()[step_id]

    def _by_id(self) -> dict[str, Step]:
        cached: dict[str, Step] | None = self.__dict__.get("_steps")
        if cached is None:
            cached = {step.id: step for step in self.steps}
            self.__dict__["_steps"] = cached
        return cached
