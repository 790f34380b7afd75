# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""History: states inside Parallel and Map are in it too, by name; their inputs and outputs are left out."""

import copy
import threading
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

_WITH_EXECUTION = ("Task", "Parallel", "Map")


def run_sub_machine(
    states: dict[str, Any], start_at: str, given: Json, execution: dict[str, Any], ctx: dict[str, Any]
) -> Json:
    """Run the states of one branch or iteration and give the output of the last one."""
    name: str | None = start_at
    value = copy.deepcopy(given)
    while name:
        state = states.get(name)
        if not state:
            raise sfn._ExecutionError("States.Runtime", f"State '{name}' not found")
        ctx["State"] = {"Name": name, "EnteredTime": sfn.now_iso(), "RetryCount": 0}
        kind = state.get("Type")
        sfn._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": {"name": name}})
        value, following = _run_state(kind, state, value, execution, ctx)
        sfn._add_event(execution, f"{kind}StateExited", {"stateExitedEventDetails": {"name": name}})
        name = following
    return value


def _run_state(
    kind: str, state: dict[str, Any], value: Json, execution: dict[str, Any], ctx: dict[str, Any]
) -> tuple[Json, str | None]:
    if kind == "Succeed":
        return sfn._apply_output_path(state, sfn._apply_input_path(state, value, ctx), ctx), None
    if kind == "Fail":
        raise sfn._ExecutionError(*sfn._fail_state_error(state, value, ctx))
    # Looked up now, because other fixes wrap these functions.
    handler = getattr(sfn, f"_execute_{str(kind).lower()}", None)
    if handler is None:
        raise sfn._ExecutionError("States.Runtime", f"Unknown state type: {kind}")
    arguments = (state, value, execution, ctx) if kind in _WITH_EXECUTION else (state, value, ctx)
    output, following = handler(*arguments)
    return output, following


def _apply() -> None:
    add_event, lock = sfn._add_event, threading.Lock()

    def add_one_at_a_time(*arguments: Json) -> Json:
        with lock:  # the id of an event is its place, and branches add theirs from threads of their own
            return add_event(*arguments)

    sfn._add_event = add_one_at_a_time
    sfn._run_sub_machine = run_sub_machine


FIX = Fix(
    name="sfn-nested-history",
    problem="The history of an execution leaves out the states inside Parallel and Map.",
    aws="GetExecutionHistory lists an event for every state that is entered, those of branches included.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html",
    apply=_apply,
)
