# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Callback failure: a callback task whose Lambda call fails, fails; it does not wait for its timeout."""

from contextvars import ContextVar
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

_token: ContextVar[str | None] = ContextVar("ventuno_callback_token", default=None)


def _apply() -> None:
    call = sfn._call_lambda
    invoke = sfn._invoke_with_callback

    def call_lambda(function: str, event: Json) -> Json:
        try:
            return call(function, event)
        except sfn._ExecutionError as exc:
            # The caller swallows the error and waits for the token, so the token carries it.
            waiting = sfn._task_tokens.get(_token.get())
            if waiting:
                waiting["error"] = {"Error": exc.error, "Cause": exc.cause}
                waiting["event"].set()
            raise

    def invoke_with_callback(resource: str, data: Json, token: str, state: dict[str, Any]) -> Json:
        before = _token.set(token)
        try:
            return invoke(resource, data, token, state)
        finally:
            _token.reset(before)

    sfn._call_lambda = call_lambda
    sfn._invoke_with_callback = invoke_with_callback


FIX = Fix(
    name="sfn-callback-failure",
    problem="With .waitForTaskToken, an error of the Lambda function is dropped and the task waits for ever.",
    aws="The task fails with the function's error; the token is only waited for after a successful call.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html",
    apply=_apply,
)
