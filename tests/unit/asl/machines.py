"""Small machines, and a Task callback that does what a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import StateError
from ventuno_dev.asl.simulation import Conditions, MachineRun, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno_dev.asl.world import TaskCall

Json = dict[str, Any]
INVOKE = "arn:aws:states:::lambda:invoke"


def machine(start: str = "a", **states: Json) -> Json:
    return {"QueryLanguage": "JSONata", "StartAt": start, "States": states}


def task(then: str | None = None, **more: Any) -> Json:  # noqa: ANN401 - any field
    """Write a Task that sends its own name."""
    going: Json = {"End": True} if then is None else {"Next": then}
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"Payload": {"step": "{% $states.context.State.Name %}"}},
        "Output": "{% $states.result.Payload %}",
        **going,
        **more,
    }


def answer(call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
    """Answer with the payload."""
    return call.payload


def failing(name: str, times: int, cause: str = "") -> Callable[[TaskCall], Any]:
    """Fail the first calls with an error of this name."""
    calls = iter(range(1_000))

    def called(call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        if next(calls) < times:
            raise StateError(name, cause)
        return call.payload

    return called


def evaluated(template: Any, given: Any = None, **conditions: Any) -> MachineRun:  # noqa: ANN401 - any JSON
    """Run one Pass with this Output."""
    only = machine(a={"Type": "Pass", "Output": template, "End": True})
    return simulate(only, given, answer, Conditions(**conditions))


def put(value: Any, then: str | None = None, **more: Any) -> Json:  # noqa: ANN401 - any JSON
    going: Json = {"End": True} if then is None else {"Next": then}
    return {"Type": "Pass", "Output": value, **going, **more}


def ran(defined: Json, given: Any = None, **conditions: Any) -> Any:  # noqa: ANN401 - any JSON
    return simulate(defined, given, answer, Conditions(**conditions))
