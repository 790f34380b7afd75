# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Status events: TIMED_OUT and ABORTED carry their error and cause to EventBridge, as FAILED does."""

import json
import logging
from typing import Any

from ministack.services import eventbridge
from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix

logger = logging.getLogger("ventuno.emulator")

MAX_PAYLOAD_CHARACTERS = 248 * 1024
REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")


def emit(execution: dict[str, Any]) -> None:
    """Publish the status of a standard execution on the default bus; never fails the execution.

    Event: source `aws.states`, detail type `Step Functions Execution Status Change`.
    """
    if execution.get("sync"):
        return
    entry = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Detail": json.dumps(detail(execution)),
        "Resources": [execution["executionArn"]],
    }
    try:
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    except Exception:
        logger.exception("The status event of %s was not published", execution["executionArn"])


def detail(execution: dict[str, Any]) -> dict[str, Any]:
    """Give the event's detail. Units: dates are milliseconds since 1970."""
    status = execution["status"]
    redrivable = status in REDRIVABLE
    return {
        "executionArn": execution["executionArn"],
        "stateMachineArn": execution["stateMachineArn"],
        "name": execution["name"],
        "status": status,
        "startDate": sfn._iso_to_epoch_ms(execution.get("startDate")),
        "stopDate": sfn._iso_to_epoch_ms(execution.get("stopDate")),
        **_payload("input", execution.get("input"), present=True),
        **_payload("output", execution.get("output"), present=status == "SUCCEEDED"),
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE" if redrivable else "NOT_REDRIVABLE",
        "redriveStatusReason": None if redrivable else f"Execution is {status} and cannot be redriven",
        "error": execution.get("error") if redrivable else None,
        "cause": execution.get("cause") if redrivable else None,
    }


def _payload(name: str, value: str | None, *, present: bool) -> dict[str, Any]:
    if not present:
        return {name: None, f"{name}Details": None}
    included = value is None or len(value) <= MAX_PAYLOAD_CHARACTERS
    return {name: value if included else None, f"{name}Details": {"included": included}}


def _apply() -> None:
    sfn._emit_execution_status_event = emit


FIX = Fix(
    name="sfn-status-events",
    problem="Events of TIMED_OUT and ABORTED executions have no error and no cause, and say NOT_REDRIVABLE.",
    aws="The detail has the fields of DescribeExecution, dates as epoch milliseconds.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html",
    apply=_apply,
)
