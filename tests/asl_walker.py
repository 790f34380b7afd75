"""A walker of compiled machines, small enough to be read as a specification of what the compiler uses.

It knows Task, Choice and Succeed in JSONata mode, Retry with its waits, and nothing else:
any other state type is an error. A Task is whatever function the test passes in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonata

from ventuno.execution_ports import Execution

if TYPE_CHECKING:
    from collections.abc import Callable

    Task = Callable[[dict[str, Any]], Any]

_MAX_STATES = 100_000


class TaskFailedError(Exception):
    """A Task failed with an error of this name."""

    def __init__(self, name: str, cause: str = "") -> None:
        self.name = name
        self.cause = cause
        super().__init__(f"{name}: {cause}")


@dataclass
class Walk:
    """One execution: the states entered, the waits between tries in seconds, and how it ended."""

    entered: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    execution: Execution = field(default_factory=lambda: Execution("RUNNING"))


def evaluate(text: Any, states: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Evaluate the JSONata strings inside a value."""
    if isinstance(text, dict):
        return {key: evaluate(value, states) for key, value in text.items()}
    if isinstance(text, list):
        return [evaluate(value, states) for value in text]
    if not isinstance(text, str) or not text.startswith("{%"):
        return text
    expression = jsonata.Jsonata(text.removeprefix("{%").removesuffix("%}").strip())
    frame = expression.create_frame()
    frame.bind("states", states)
    return expression.evaluate({}, frame)


def walk(
    machine: dict[str, Any], payload: str, task: Task, wait: Callable[[float], None] | None = None
) -> Walk:
    """Run a machine to its end; `task` gets the Payload of a Task state and returns its result."""
    done = Walk()
    given = json.loads(payload)
    context = {"Execution": {"Input": given}}
    name: str | None = machine["StartAt"]
    try:
        while name is not None:
            done.entered.append(name)
            if len(done.entered) > _MAX_STATES:
                raise AssertionError("the machine does not end")
            name, given = _step(
                machine["States"][name], {"input": given, "context": context}, task, done, wait
            )
    except TaskFailedError as failed:
        done.execution = Execution("FAILED", failed.name, failed.cause)
    else:
        done.execution = Execution("SUCCEEDED")
    return done


def _step(
    state: dict[str, Any],
    states: dict[str, Any],
    task: Task,
    done: Walk,
    wait: Callable[[float], None] | None,
) -> tuple[str | None, Any]:
    if state["Type"] == "Task":
        result = _try(state, states, task, done, wait)
        output = evaluate(state["Output"], {**states, "result": {"Payload": result}})
        return None if state.get("End") else state["Next"], output
    if state["Type"] == "Choice":
        return _choose(state, states), states["input"]
    if state["Type"] == "Succeed":
        return None, states["input"]
    raise AssertionError(f"the walker does not know the state type {state['Type']}")


def _choose(state: dict[str, Any], states: dict[str, Any]) -> str:
    taken = [rule["Next"] for rule in state["Choices"] if evaluate(rule["Condition"], states) is True]
    if not taken:
        raise TaskFailedError("States.NoChoiceMatched")
    target: str = taken[0]
    return target


def _try(
    state: dict[str, Any],
    states: dict[str, Any],
    task: Task,
    done: Walk,
    wait: Callable[[float], None] | None,
) -> Any:  # noqa: ANN401 - any JSON
    payload = evaluate(state["Arguments"]["Payload"], states)
    tries = [0] * len(state.get("Retry", ()))
    while True:
        try:
            return task(payload)
        except TaskFailedError as failed:
            seconds = _wait_before_retry(state, failed, tries)
            done.waits.append(seconds)
            if wait is not None:
                wait(seconds)


def _wait_before_retry(state: dict[str, Any], failed: TaskFailedError, tries: list[int]) -> float:
    for index, retrier in enumerate(state.get("Retry", ())):
        if failed.name not in retrier["ErrorEquals"]:
            continue
        if tries[index] >= retrier["MaxAttempts"]:
            break
        seconds = min(
            retrier["IntervalSeconds"] * retrier["BackoffRate"] ** tries[index], retrier["MaxDelaySeconds"]
        )
        tries[index] += 1
        return float(seconds)
    raise failed
