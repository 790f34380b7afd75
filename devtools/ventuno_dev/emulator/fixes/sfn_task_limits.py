# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Task limits: timeouts may be expressions, results have 256 KiB at most, a token is answered once."""

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

MAX_BYTES = 262_144
TOO_LARGE = "The state returned a result with a size exceeding the maximum number of bytes service limit."
KEPT_TOKENS = 10_000
LIMITED = ("task", "parallel", "map", "pass")

State = dict[str, Any]


def _apply() -> None:
    _evaluate_timeouts()
    _limit_results()
    _close_tokens()


def _evaluate_timeouts() -> None:
    execute = sfn._execute_task

    def execute_task(state: State, raw: Json, execution: Json, ctx: State) -> Json:
        fields = [name for name in ("TimeoutSeconds", "HeartbeatSeconds") if isinstance(state.get(name), str)]
        values = {name: sfn._jsonata_state_field(state, name, "number", raw, ctx) for name in fields}
        return execute({**state, **values} if values else state, raw, execution, ctx)

    sfn._execute_task = execute_task


def _limit_results() -> None:
    def limited(execute: Callable[..., Any]) -> Callable[..., Any]:
        def execute_limited(state: State, raw: Json, *rest: Json) -> Json:
            output, following = execute(state, raw, *rest)
            if len(json.dumps(output, ensure_ascii=False).encode()) > MAX_BYTES:
                raise sfn._ExecutionError("States.DataLimitExceeded", TOO_LARGE)
            return output, following

        return execute_limited

    for name in LIMITED:
        setattr(sfn, f"_execute_{name}", limited(getattr(sfn, f"_execute_{name}")))


def _close_tokens() -> None:
    closed: OrderedDict[str, None] = OrderedDict()
    invoke = sfn._invoke_with_callback

    def invoke_with_callback(resource: str, data: Json, token: str, state: State) -> Json:
        try:
            return invoke(resource, data, token, state)
        finally:
            closed[token] = None
            if len(closed) > KEPT_TOKENS:
                closed.popitem(last=False)

    def answered_once(send: Callable[[State], Any]) -> Callable[[State], Any]:
        def send_once(request: State) -> Json:
            token = request.get("taskToken", "")
            waiting = sfn._task_tokens.get(token)
            if token in closed or (waiting and waiting["event"].is_set()):
                message = "Task Timed Out: 'Provided task does not exist anymore'"
                return sfn.error_response_json("TaskTimedOut", message, 400)
            return send(request)

        return send_once

    sfn._invoke_with_callback = invoke_with_callback
    for name in ("success", "failure", "heartbeat"):
        setattr(sfn, f"_send_task_{name}", answered_once(getattr(sfn, f"_send_task_{name}")))


FIX = Fix(
    name="sfn-task-limits",
    problem="TimeoutSeconds cannot be an expression, results have no limit, a token can be answered twice.",
    aws="States.DataLimitExceeded above 256 KiB; TaskTimedOut for the token of a task that has ended.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html",
    apply=_apply,
)
