"""What each construct compiles to, as links between steps; the links of a choice carry the answer.

The link of a step that failed is left out; it is tested by itself.
"""

from __future__ import annotations

import re

import pytest

from tests.builders import Json, branches, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import Compiled, compile_definition

TASK = "CREATE_RECORD"
END = "end"
FAILED = "= 'failed'"


def compiled(*steps: Json, first: str | None = None) -> Compiled:
    return compile_definition(defined(*steps, first=first), KINDS)


def links(done: Compiled) -> dict[str, object]:
    """Show a machine by step ids: a task as the id that follows, a choice as answer → id."""
    step_of = {**done.source_map, "done": END}
    shown: dict[str, object] = {"start": step_of[done.machine["StartAt"]]}
    for name, state in done.machine["States"].items():
        if state["Type"] == "Task":
            shown[step_of[name]] = END if state.get("End") else step_of[state["Next"]]
        elif state["Type"] == "Choice":
            shown[step_of[name]] = {
                _answer(rule["Condition"], step_of[name]): step_of[rule["Next"]]
                for rule in state["Choices"]
                if FAILED not in rule["Condition"]
            }
    return shown


def _answer(condition: str, step_id: str) -> object:
    found = re.findall(r"\$states\.input\.answers\.`(\w+)` = (true|false|\d+)", condition)
    assert (
        condition
        == "{% " + " and ".join(f"$states.input.answers.`{one}` = {value}" for one, value in found) + " %}"
    )
    last, value = found[-1]
    answer = {"true": True, "false": False}.get(value, value)
    return answer if last == step_id else (last, answer)


CASES: dict[str, tuple[list[Json], dict[str, object]]] = {
    "one step": ([step("a", TASK)], {"start": "a", "a": END}),
    "steps in a row": (
        [step("a", TASK, "b"), step("b", TASK, "c"), step("c", TASK)],
        {"start": "a", "a": "b", "b": "c", "c": END},
    ),
    "a step called end": (
        [step("a", TASK, "end"), step("end", TASK)],
        {"start": "a", "a": "end", "end": END},
    ),
    "two branches that merge": (
        [
            step("a", TASK, "i"),
            step("i", "IF_ELSE", given=branches("b", "c")),
            step("b", TASK, "d"),
            step("c", TASK, "d"),
            step("d", TASK),
        ],
        {"start": "a", "a": "i", "i": {"0": "b", "1": "c"}, "b": "d", "c": "d", "d": END},
    ),
    "three branches, one of them empty": (
        [step("i", "IF_ELSE", given=branches("b", None, "c")), step("b", TASK), step("c", TASK)],
        {"start": "i", "i": {"0": "b", "1": END, "2": "c"}, "b": END, "c": END},
    ),
    "a branch that leads straight to the merge": (
        [step("i", "IF_ELSE", given=branches("b", "d")), step("b", TASK, "d"), step("d", TASK)],
        {"start": "i", "i": {"0": "b", "1": "d"}, "b": "d", "d": END},
    ),
    "an if/else inside a branch": (
        [
            step("i", "IF_ELSE", given=branches("b", "j")),
            step("j", "IF_ELSE", given=branches("c", "d")),
            step("b", TASK, "e"),
            step("c", TASK, "e"),
            step("d", TASK),
            step("e", TASK),
        ],
        {
            "start": "i",
            "i": {"0": "b", ("j", "0"): "c", ("j", "1"): "d"},
            "b": "e",
            "c": "e",
            "d": END,
            "e": END,
        },
    ),
    "a filter between steps": (
        [step("a", TASK, "f"), step("f", "FILTER", "b"), step("b", TASK)],
        {"start": "a", "a": "f", "f": {True: "b", False: END}, "b": END},
    ),
    "filters first": (
        [step("f", "FILTER", "g"), step("g", "FILTER", "a"), step("a", TASK)],
        {"start": "f", "f": {("g", True): "a", ("g", False): END, False: END}, "a": END},
    ),
    "a filter at the end leaves no state": (
        [step("a", TASK, "f"), step("f", "FILTER")],
        {"start": "a", "a": END},
    ),
    "empty steps leave no state": (
        [
            step("e", then="a"),
            step("a", TASK, "g"),
            step("g", then="h"),
            step("h", then="b"),
            step("b", TASK),
        ],
        {"start": "a", "a": "b", "b": END},
    ),
    "empty steps on branches": (
        [
            step("i", "IF_ELSE", given=branches("e", "g")),
            step("e", then="a"),
            step("g"),
            step("a", TASK),
        ],
        {"start": "i", "i": {"0": "a", "1": END}, "a": END},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_construct_compiles_to_its_links(case: str) -> None:
    steps, expected = CASES[case]
    first = next(item["id"] for item in steps)

    assert links(compiled(*steps, first=first)) == expected


@pytest.mark.parametrize(
    "rider",
    [step("r", "FILTER", "b"), step("r", "IF_ELSE", given=branches("b", None))],
    ids=["filter", "if/else"],
)
def test_a_step_that_failed_beside_its_call_fails_the_machine(rider: Json) -> None:
    states = compiled(step("a", TASK, "r"), rider, step("b", TASK)).machine["States"]
    (way,) = (
        rule["Next"]
        for state in states.values()
        for rule in state.get("Choices", ())
        if FAILED in rule["Condition"]
    )

    assert (states[way]["Type"], states[way]["Error"]) == ("Fail", "StepFailedError")


def test_a_workflow_of_empty_steps_is_a_machine_that_ends_at_once() -> None:
    assert compiled(step("a", then="b"), step("b")).machine["States"] == {
        "done": {"Type": "Succeed", "Output": {}}
    }


def test_pure_steps_ride_with_the_call_before_them() -> None:
    done = compiled(
        step("f", "FILTER", "a"),
        step("a", TASK, "i"),
        step("i", "IF_ELSE", given=branches("e", "g")),
        step("e", then="b"),
        step("g", "FILTER", "b"),
        step("b", TASK),
    )
    payloads = {
        state["Arguments"]["Payload"]["step"]: state["Arguments"]["Payload"].get("rides")
        for state in done.machine["States"].values()
        if state["Type"] == "Task"
    }

    assert done.rides == {"trigger": ("f",), "a": ("i", "e", "g")}
    assert payloads == {"a": ["i", "e", "g"], "b": None}


def test_a_merge_behind_pure_steps_rides_with_every_call_that_may_lead_to_it() -> None:
    done = compiled(
        step("i", "IF_ELSE", given=branches("a", "b")),
        step("a", TASK, "f"),
        step("b", TASK, "f"),
        step("f", "FILTER", "c"),
        step("c", TASK),
    )

    assert done.rides == {"trigger": ("i",), "a": ("f",), "b": ("f",)}


def test_a_task_carries_ids_and_nothing_else() -> None:
    (state,) = compiled(step("a", TASK, given={"objectName": "company"})).machine["States"].values()

    assert state["Resource"] == "arn:aws:states:::lambda:invoke"
    assert state["Arguments"] == {
        "FunctionName": "${StepRunnerArn}",
        "Payload": {
            "run": "{% $states.context.Execution.Input.run %}",
            "version": "{% $states.context.Execution.Input.version %}",
            "step": "a",
        },
    }
    assert state["Output"] == {"answers": "{% $states.result.Payload.answers %}"}


@pytest.mark.parametrize(("retries", "waits"), [(0, []), (1, [1]), (3, [1, 5, 15])])
def test_the_retries_an_author_asks_for_come_after_1_5_and_15_seconds(retries: int, waits: list[int]) -> None:
    machine = compiled(step("a", TASK, retryOnFailure=retries)).machine
    state = machine["States"][machine["StartAt"]]
    asked = [retrier for retrier in state["Retry"] if retrier["ErrorEquals"] == ["RetryLaterError"]]

    assert [
        min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt, retrier["MaxDelaySeconds"])
        for retrier in asked
        for attempt in range(retrier["MaxAttempts"])
    ] == waits


def test_what_the_platform_failed_at_is_retried_in_any_case() -> None:
    (state,) = compiled(step("a", TASK)).machine["States"].values()
    (retrier,) = state["Retry"]

    assert "StoreUnavailableError" in retrier["ErrorEquals"]
    assert "Lambda.ServiceException" in retrier["ErrorEquals"]
    assert "StepFailedError" not in retrier["ErrorEquals"]
