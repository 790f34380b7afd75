"""What a state of a machine asks for: a step, or whatever is ready of a part that rounds run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.runtime.rounds import run_rounds
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import RoundsEvent, StepEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


def machine_call(event: Mapping[str, Any], services: Services) -> JsonObject:
    """Do what a Task asks for. Event: as StepEvent or RoundsEvent. Raises: StepError"""
    if "part" in event:
        return run_rounds(RoundsEvent.model_validate(event), services)
    return run_step(StepEvent.model_validate(event), services)
