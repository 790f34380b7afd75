# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Idempotent start: starting a running execution again, with its name and input, gives that execution."""

from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json


def _apply() -> None:
    start = sfn._start_execution

    def start_execution(request: dict[str, Any]) -> Json:
        running = _running(request)
        if running is not None and running["input"] == request.get("input", "{}"):
            return sfn.json_response(
                {"executionArn": running["executionArn"], "startDate": running["startDate"]}
            )
        return start(request)

    sfn._start_execution = start_execution


def _running(request: dict[str, Any]) -> dict[str, Any] | None:
    arn = sfn._resolve_state_machine_arn(request.get("stateMachineArn", "").rsplit("#", 1)[0])
    if arn is None or not request.get("name"):
        return None
    execution = sfn._executions.get(f"{arn.replace(':stateMachine:', ':execution:')}:{request['name']}")
    return execution if execution and execution["status"] == "RUNNING" else None


FIX = Fix(
    name="sfn-idempotent-start",
    problem="A second StartExecution with the same name is refused, whatever its input.",
    aws="Same name and input as a running execution: 200 and the same answer. Other input, or ended: 400.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html",
    apply=_apply,
)
