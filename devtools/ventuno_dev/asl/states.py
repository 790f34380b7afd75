"""What each state type does: a branch that returns the output and the name of the next state.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import NO_CHOICE_MATCHED, QUERY_EVALUATION_ERROR, TIMEOUT, StateError
from ventuno_dev.asl.history import Entered
from ventuno_dev.asl.nested import run_map, run_parallel
from ventuno_dev.asl.processes import Branch, Sleep, Token
from ventuno_dev.asl.retrying import guarded
from ventuno_dev.asl.visit import Surroundings, Visit
from ventuno_dev.asl.world import TaskCall, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"
CALLBACK_SUFFIX = ".waitForTaskToken"


def run_scope(world: World, defined: Mapping[str, Any], given: Any, around: Surroundings) -> Branch:  # noqa: ANN401
    """Run the states of a scope from its start to its end; return the output."""
    name: str | None = defined["StartAt"]
    while name is not None:
        state = defined["States"][name]
        around.history.entered.append(Entered(name, state["Type"], around.iteration, world.now))
        around.history.event(f"{state['Type']}StateEntered")
        visit = Visit(name, state, given, around, told(world.instant()))
        given, name = yield from _STATES[state["Type"]](world, visit)
        around.history.event(f"{state['Type']}StateExited")
    return given


def told(instant: datetime) -> str:
    """Write an instant as the context object does."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- states that take no time -------------------------------------------------------------------------


def _pass(world: World, visit: Visit) -> Branch:
    del world
    yield from ()
    return visit.leave(visit.state, visit.given), visit.state.get("Next")


def _succeed(world: World, visit: Visit) -> Branch:
    del world
    yield from ()
    return visit.leave(visit.state, visit.given), None


def _fail(world: World, visit: Visit) -> Branch:
    del world
    yield from ()
    raise StateError(visit.field("Error", ""), visit.field("Cause", ""))


def _choice(world: World, visit: Visit) -> Branch:
    del world
    yield from ()
    for rule in visit.state["Choices"]:
        verdict = visit.value(rule["Condition"])
        if not isinstance(verdict, bool):
            raise StateError(
                QUERY_EVALUATION_ERROR, f"a Condition of {visit.name} is no boolean: {verdict!r}"
            )
        if verdict:
            return visit.leave(rule, visit.given), rule["Next"]
    if "Default" not in visit.state:
        raise StateError(NO_CHOICE_MATCHED, f"no rule of {visit.name} matched")
    return visit.leave(visit.state, visit.given), visit.state["Default"]


# --- states that wait ---------------------------------------------------------------------------------


def _wait(world: World, visit: Visit) -> Branch:
    if "Seconds" in visit.state:
        seconds = visit.field("Seconds", 0)
    else:
        due = datetime.fromisoformat(visit.field("Timestamp", None))
        seconds = (due - world.instant()).total_seconds()
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise StateError(QUERY_EVALUATION_ERROR, f"Seconds of {visit.name} is no number: {seconds!r}")
    yield Sleep(max(0.0, seconds))
    return visit.leave(visit.state, visit.given), visit.state.get("Next")


def _task(world: World, visit: Visit) -> Branch:
    answer: tuple[Any, str | None] = yield from guarded(visit, partial(_attempt, world, visit))
    return answer


def _attempt(world: World, visit: Visit) -> Branch:
    """Run a Task once; count what became of it."""
    resource = str(visit.state["Resource"])
    around = visit.around
    timed_out = StateError(TIMEOUT, f"{visit.name} took longer than it may")
    token: Token | None = None
    seconds = visit.field("TimeoutSeconds", None)
    if resource.endswith(CALLBACK_SUFFIX):
        token = Token(seconds, timed_out)
        visit.token = world.open_token(token)
    arguments = visit.field("Arguments", {})
    call = TaskCall(visit.name, resource, arguments, visit.context, around.iteration, visit.token, world.now)
    if token is not None:
        token.timer = world.is_timer(call)
    around.history.event("TaskScheduled", "TaskStarted")
    try:
        result = yield from _called(world, call, seconds, timed_out)
        if token is not None:
            around.history.event("TaskSubmitted")
            result = yield token
    except StateError as error:
        around.history.event("TaskTimedOut" if error.name == TIMEOUT else "TaskFailed")
        raise
    around.history.event("TaskSucceeded")
    return result


def _called(world: World, call: TaskCall, seconds: float | None, timed_out: StateError) -> Branch:
    duration = world.duration(call)
    if seconds is not None and duration > seconds:
        yield Sleep(seconds)
        raise timed_out
    yield Sleep(duration)
    result = world.call(call)
    if call.resource == LAMBDA_INVOKE:
        return {"ExecutedVersion": "$LATEST", "Payload": result, "StatusCode": 200}
    return result


_STATES: dict[str, Callable[[World, Visit], Branch]] = {
    "Pass": _pass,
    "Succeed": _succeed,
    "Fail": _fail,
    "Choice": _choice,
    "Wait": _wait,
    "Task": _task,
    "Parallel": run_parallel,
    "Map": run_map,
}
