# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Interrupts: StopExecution ends the waits, callbacks and branches of an execution, not only its status."""

from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.interrupts import Interrupted, Scope, current, entered
from ventuno_dev.emulator.values import Json

STATES = ("pass", "task", "choice", "wait", "parallel", "map")
INTERRUPTED = {"Error": "Ventuno.Interrupted", "Cause": ""}


def _apply() -> None:
    scopes: dict[int, Scope] = {}
    _run_in_scope(scopes)
    _cancel_when_ended(scopes)
    _check_between_states()
    _interrupt_callbacks()
    sfn._scaled_sleep = _scaled_sleep


def _run_in_scope(scopes: dict[int, Scope]) -> None:
    run = sfn._run_execution

    def run_execution(arn: str) -> None:
        execution = sfn._executions.get(arn)
        if execution is None:
            return
        scope = scopes[id(execution)] = Scope()
        try:
            with entered(scope):
                run(arn)
        except Interrupted:
            pass
        finally:
            scopes.pop(id(execution), None)

    sfn._run_execution = run_execution


def _cancel_when_ended(scopes: dict[int, Scope]) -> None:
    emit = sfn._emit_execution_status_event

    def emit_and_cancel(execution: dict[str, Any]) -> None:
        emit(execution)
        scope = scopes.get(id(execution))
        if scope is not None and execution["status"] not in ("RUNNING", "SUCCEEDED", "FAILED"):
            scope.cancel()

    sfn._emit_execution_status_event = emit_and_cancel


def _check_between_states() -> None:
    def checked(handler: Callable[..., Any]) -> Callable[..., Any]:
        def run_state(*arguments: Json) -> Json:
            current().check()
            return handler(*arguments)

        return run_state

    for state in STATES:
        setattr(sfn, f"_execute_{state}", checked(getattr(sfn, f"_execute_{state}")))


def _interrupt_callbacks() -> None:
    invoke = sfn._invoke_with_callback

    def invoke_with_callback(resource: str, data: Json, token: str, state: dict[str, Any]) -> Json:
        forget = current().watch(lambda: _release(token))
        try:
            return invoke(resource, data, token, state)
        except sfn._ExecutionError:
            current().check()
            raise
        finally:
            forget()

    sfn._invoke_with_callback = invoke_with_callback


def _release(token: str) -> None:
    waiting = sfn._task_tokens.get(token)
    if waiting:
        waiting["error"] = INTERRUPTED
        waiting["event"].set()


def _scaled_sleep(seconds: float) -> None:
    if seconds * sfn._SFN_WAIT_SCALE > 0:
        current().sleep(seconds * sfn._SFN_WAIT_SCALE)


FIX = Fix(
    name="sfn-interrupts",
    problem="A stopped execution keeps waiting, its branches keep running; a year's Wait holds its thread.",
    aws="StopExecution stops the execution; no further state of it is entered.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html",
    apply=_apply,
)
