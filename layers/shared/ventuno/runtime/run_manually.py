"""Start a run of a workflow with a MANUAL trigger, or of any workflow with a payload given by hand.

Source: reference §2.2; decisions, Triggers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runtime.start_run import Start, Started, start_run
from ventuno.triggers.manual import Manual, manual_payload

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow


def run_manually(
    workflow: Workflow, payload: JsonValue, caller: str, services: Services, key: str | None = None
) -> Started:
    """Start a run in the name of `caller`; the payload of other triggers is passed on as it is.

    Raises: WorkflowStatusError, BadRequestError, StepInputError, StoreUnavailableError
    """
    trigger = workflow.active.trigger_type if workflow.active else None
    created_by, sent = given_by_hand(trigger, payload, caller)
    event_key = None if key is None else f"manual:{key}"
    return start_run(Start(workflow, sent, created_by, event_key), services)


def given_by_hand(trigger: str | None, payload: JsonValue, caller: str) -> tuple[JsonObject, JsonValue]:
    """Return who starts a run by hand, and the payload as the trigger takes it. Raises: BadRequestError"""
    created_by: JsonObject = {"source": "MANUAL", "name": caller, "workspaceMemberId": None}
    if trigger != Manual.wire_type:
        return created_by, payload
    if not isinstance(payload, dict):
        raise errors.BadRequestError("the payload of a manual run must be a JSON object")
    return created_by, manual_payload(payload, None)
