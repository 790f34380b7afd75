"""What step_runner is asked for: a step or wait of a run, a step that somebody tries, a draft to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.runtime.machine_call import machine_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services

TRY: Final = "try"
SENDS: Final = "sendDraft"


def log_keys(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every line of the log names."""
    return {"run_id": event.get("run"), "step_id": event.get("step") or event.get("part")}


def answer_step(event: Mapping[str, Any], services: Services) -> JsonObject:
    """Run a step, try one, or send a draft.

    Event:  as StepEvent or RoundsEvent;
            or {"try": as TryEvent}, whose answer is {"tried": outcome} or {"refused": why};
            or as DraftEvent, whose answer is {"messageId"}
    Raises: StepError, ApiError
    """
    if SENDS in event:
        return _sent(event, services)
    if TRY in event:
        return _tried(event[TRY], services)
    return machine_call(event, services)


def _sent(event: Mapping[str, Any], services: Services) -> JsonObject:
    from ventuno.runtime import draft_event  # noqa: PLC0415 - mail, which few calls need

    return draft_event.answer_draft_event(draft_event.DraftEvent.model_validate(event), services)


def _tried(event: Any, services: Services) -> JsonObject:  # noqa: ANN401 - the model checks it
    from ventuno.runtime.try_event import TryEvent  # noqa: PLC0415 - trying, which few calls need

    try:
        return {"tried": TryEvent.model_validate(event).answer(services)}
    except (errors.ApiError, errors.RetryableStepError) as error:
        return {"refused": str(error)}
