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
    created_by: JsonObject = {"source": "MANUAL", "name": caller, "workspaceMemberId": None}
    if workflow.active and workflow.active.trigger_type == Manual.wire_type:
        if not isinstance(payload, dict):
            raise errors.BadRequestError("the payload of a manual run must be a JSON object")
        payload = manual_payload(payload, None)
    event_key = None if key is None else f"manual:{key}"
    return start_run(Start(workflow, payload, created_by, event_key), services)
