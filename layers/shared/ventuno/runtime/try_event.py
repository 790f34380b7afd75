"""What `api` sends to step_runner to try one step: its role may read no secret and call no other server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from ventuno.definition.model import Step
from ventuno.runtime.try_step import try_step

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


class TryEvent(BaseModel):
    """A request to try a step with chosen results of the steps before it.

    Event: {"step": a step as in a definition, "values": {step id or "trigger": result}}
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    step: Step
    values: dict[str, Any] = {}

    def answer(self, services: Services) -> JsonObject:
        """Try it. Raises: BadRequestError for a step that cannot be tried alone, StoreUnavailableError"""
        return try_step(self.step, self.values, services)
