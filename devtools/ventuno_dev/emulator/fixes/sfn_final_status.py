# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Final status: an execution that has ended keeps its status, whatever its threads still do."""

from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix


def _apply() -> None:
    fail = sfn._fail_execution

    def fail_execution(execution: dict[str, Any], error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    sfn._fail_execution = fail_execution


FIX = Fix(
    name="sfn-final-status",
    problem="A task that fails after StopExecution turns ABORTED into FAILED.",
    aws="ABORTED, TIMED_OUT, SUCCEEDED and FAILED are final unless the execution is redriven.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html",
    apply=_apply,
)
