# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Heartbeat: a callback task without a heartbeat for HeartbeatSeconds fails."""

from datetime import datetime
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.deadlines import DEADLINES
from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json


class _Watch:
    """Looks at one task token whenever a heartbeat is due, until the task has ended."""

    def __init__(self, token: str, seconds: float) -> None:
        self._token = token
        self._seconds = seconds
        self._seen: str | None = None
        self._ended = False
        self._stop = DEADLINES.after(seconds, self._look)

    def end(self) -> None:
        """Stop looking."""
        self._ended = True
        self._stop()

    def _look(self) -> None:
        waiting = sfn._task_tokens.get(self._token)
        if self._ended or waiting is None:
            return
        if waiting["heartbeat"] == self._seen:
            # A later answer must not win over the timeout, so the error is set before the thread wakes.
            waiting["error"] = {"Error": "States.HeartbeatTimeout", "Cause": ""}
            waiting["event"].set()
            return
        self._seen = waiting["heartbeat"]
        age = (datetime.fromisoformat(sfn.now_iso()) - datetime.fromisoformat(self._seen)).total_seconds()
        self._stop = DEADLINES.after(max(self._seconds - age, 0.001), self._look)


def _apply() -> None:
    invoke = sfn._invoke_with_callback

    def invoke_with_callback(resource: str, data: Json, token: str, state: dict[str, Any]) -> Json:
        seconds = state.get("HeartbeatSeconds")
        if not seconds:
            return invoke(resource, data, token, state)
        watch = _Watch(token, float(seconds))
        try:
            return invoke(resource, data, token, state)
        finally:
            watch.end()

    sfn._invoke_with_callback = invoke_with_callback


FIX = Fix(
    name="sfn-heartbeat",
    problem="HeartbeatSeconds is ignored.",
    aws="If more than HeartbeatSeconds pass between heartbeats, the state fails: States.HeartbeatTimeout.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html",
    apply=_apply,
)
