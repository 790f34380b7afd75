"""What step_runner is asked for: a step or wait of a run, a step that somebody tries, a draft to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.runtime.await_any import machine_call
from ventuno.runtime.draft_event import SENDS, DraftEvent, answer_draft_event
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.try_event import TryEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services

TRY: Final = "try"


def log_keys(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every line of the log names."""
    return {"run_id": event.get("run"), "step_id": event.get("step")}


def answer_step(event: Mapping[str, Any], services: Services) -> JsonObject:
    """Run a step, try one, or send a draft.

    Event:  as StepEvent, or {"try": as TryEvent}, whose answer is {"tried": outcome} or {"refused": why};
            or as DraftEvent, whose answer is {"messageId"}
    Raises: StepError, ApiError
    """
    if SENDS in event:
        return answer_draft_event(DraftEvent.model_validate(event), services)
    if TRY not in event:
        return machine_call(StepEvent.model_validate(event), services)
    try:
        return {"tried": TryEvent.model_validate(event[TRY]).answer(services)}
    except (errors.ApiError, errors.RetryableStepError) as error:
        return {"refused": str(error)}
