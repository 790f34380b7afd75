"""Try one step out with chosen results of the steps before it; nothing of it is stored.

Only actions that say so can be tried: a request is really sent, code is really run.
Source: reference §7
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import StepCall
from ventuno.actions.registry import ACTIONS
from ventuno.actions.step_log import StepLog
from ventuno.expressions import NOW
from ventuno.records.context import Actor
from ventuno.runtime.scripts import script_of
from ventuno.runtime.services import instant
from ventuno.runtime.work import ActionWork, At
from ventuno.schemas import schema_of_sample
from ventuno.schemas.picker import to_output_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.model import Step
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


def try_step(step: Step, values: Mapping[str, Any], services: Services) -> JsonObject:
    """Run a step; `values` holds results by step id, and the trigger's payload.

    Item:   {"success": bool, "result"?: any, "error"?: any, "log": log or null, "outputSchema"?: schema}
    Raises: BadRequestError for a step that cannot be tried alone, StoreUnavailableError
    """
    action = ACTIONS.get(step.type)
    if action is None or not action.tried_alone:
        kinds = ", ".join(sorted(kind for kind, known in ACTIONS.items() if known.tried_alone))
        raise errors.BadRequestError(f"a step of type {step.type} cannot be tried alone; {kinds} can")
    given, log = {**values, NOW: instant(services.clock)}, StepLog()
    try:
        result = ActionWork().run(step, At((), 0), given, _call(step, given, log, services))
    except errors.RetryableStepError:
        raise
    except errors.StepError as error:
        return {"success": False, "error": error.told, "log": log.to_value()}
    schema = to_output_schema(schema_of_sample(result))
    return {"success": True, "result": result, "log": log.to_value(), "outputSchema": schema}


def _call(step: Step, values: Mapping[str, Any], log: StepLog, services: Services) -> StepCall:
    return StepCall(
        objects=services.objects,
        records=services.records,
        actor=Actor("WORKFLOW", "Workflow"),
        key=f"try/{services.ids.new_id()}/",
        causation=(),
        values=values,
        now=services.clock.now(),
        outside=services.outside,
        log=log,
        script=script_of(step, services),
    )
