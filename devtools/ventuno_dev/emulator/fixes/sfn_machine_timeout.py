# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Machine timeout: an execution that outlives the machine's TimeoutSeconds ends TIMED_OUT."""

import json
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.deadlines import DEADLINES
from ventuno_dev.emulator.fix import Fix


def _apply() -> None:
    run = sfn._run_execution

    def run_execution(arn: str) -> None:
        execution = sfn._executions.get(arn)
        seconds = _timeout(execution) if execution else None
        if execution is None or seconds is None:
            run(arn)
            return
        cancel = DEADLINES.after(seconds, lambda: _time_out(execution))
        try:
            run(arn)
        finally:
            cancel()

    sfn._run_execution = run_execution


def _timeout(execution: dict[str, Any]) -> float | None:
    machine = sfn._state_machines.get(execution["stateMachineArn"])
    if not machine or "TimeoutSeconds" not in machine["definition"]:
        return None
    try:
        seconds = json.loads(machine["definition"]).get("TimeoutSeconds")
    except ValueError:
        return None
    return float(seconds) if seconds else None


def _time_out(execution: dict[str, Any]) -> None:
    if execution["status"] != "RUNNING":
        return
    # AWS gives the error of a timed out execution, and no cause.
    execution.update(status="TIMED_OUT", stopDate=sfn.now_iso(), error="States.Timeout")
    sfn._add_event(
        execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}}
    )
    sfn._emit_execution_status_event(execution)


FIX = Fix(
    name="sfn-machine-timeout",
    problem="TimeoutSeconds of a state machine is ignored.",
    aws="An execution that runs longer than TimeoutSeconds ends TIMED_OUT with the error States.Timeout.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
    apply=_apply,
)
