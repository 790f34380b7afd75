# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Lambda worker: our execution environments instead of MiniStack's, for Python functions."""

from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.lambdas.runner import Runner
from ventuno_dev.emulator.settings import current
from ventuno_dev.emulator.values import Json


def _apply() -> None:
    settings = current()
    runner = Runner(Path(settings.data, "lambda"), settings.endpoint)
    other_runtimes = lambda_svc._execute_function_warm
    invalidate = lambda_svc.invalidate_worker

    def execute(record: dict[str, Any], event: Json, request_id: str) -> dict[str, Any]:
        runtime = (record.get("config") or record).get("Runtime", "")
        if not runtime.startswith("python"):
            return dict(other_runtimes(record, event, request_id))
        return runner.execute(record, event, request_id)

    def invalidate_worker(
        name: str, qualifier: str | None = None, account: str | None = None, region: str | None = None
    ) -> None:
        invalidate(name, qualifier=qualifier, account=account, region=region)
        runner.invalidate(name, qualifier, account, region)

    lambda_svc._execute_function_warm = execute
    lambda_svc.invalidate_worker = invalidate_worker


FIX = Fix(
    name="lambda-worker",
    problem=(
        "The error type is always Runtime.HandlerError; a silent call waits 50 ms for its log; an error ends "
        "the environment; workers are unbounded, outlive a killed launcher and see the shell's environment."
    ),
    aws="errorType is the exception's class, stackTrace its frames; an environment survives an error.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html",
    apply=_apply,
)
