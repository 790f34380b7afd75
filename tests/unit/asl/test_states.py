"""States that hold no others, whole executions, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.asl.machines import Json, machine, put, ran, task
from ventuno_dev.asl.errors import NO_CHOICE_MATCHED, QUERY_EVALUATION_ERROR, UnsupportedMachineError
from ventuno_dev.asl.simulation import Conditions, simulate

if TYPE_CHECKING:
    from ventuno_dev.asl.world import TaskCall

END: Json = {"Type": "Pass", "End": True}


def test_a_task_sends_its_arguments_and_its_output_reads_the_result() -> None:
    run = ran(machine(a=task("b"), b=task()))

    assert run.output == {"step": "b"}
    assert [entered.name for entered in run.entered] == ["a", "b"]
    assert (run.transitions, run.history_events) == (2, 12)


@pytest.mark.parametrize(("number", "went"), [(1, "one"), (2, "two"), (3, "else")])
def test_a_choice_takes_the_first_rule_that_holds(number: int, went: str) -> None:
    choice = {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input = 1 %}", "Next": "b", "Assign": {"went": "one"}},
            {"Condition": "{% $states.input < 3 %}", "Next": "b", "Assign": {"went": "two"}},
        ],
        "Default": "b",
        "Assign": {"went": "else"},
    }

    assert ran(machine(a=choice, b=put("{% $went %}")), number).output == went


@pytest.mark.parametrize(
    ("condition", "error"), [("{% false %}", NO_CHOICE_MATCHED), ("{% 1 %}", QUERY_EVALUATION_ERROR)]
)
def test_a_choice_without_an_answer_fails_the_execution(condition: str, error: str) -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "b"}]}

    assert ran(machine(a=choice, b=END)).error == error


@pytest.mark.parametrize(
    ("field", "value", "seconds"),
    [
        ("Seconds", 90, 90),
        ("Seconds", "{% $states.input %}", 7),
        ("Timestamp", "2026-01-03T00:00:00Z", 172_800),
        ("Timestamp", "2020-01-01T00:00:00Z", 0),
    ],
)
def test_a_wait_moves_virtual_time(field: str, value: object, seconds: float) -> None:
    run = ran(machine(a={"Type": "Wait", field: value, "End": True}), 7)

    assert run.virtual_seconds == seconds
    assert run.output == 7


def test_a_fail_names_its_error() -> None:
    fail = {"Type": "Fail", "Error": "{% $states.input %}", "Cause": "because"}
    run = ran(machine(a=fail), "Mine")

    assert (run.status, run.error, run.cause) == ("FAILED", "Mine", "because")
    assert run.history_events == 3


def test_output_and_assign_both_see_the_variables_as_they_were() -> None:
    states = machine(
        a=put(0, "b", Assign={"x": 1}),
        b=put("{% $x %}", "c", Assign={"x": "{% $x + 1 %}", "y": "{% $x %}"}),
        c=put("{% [$states.input, $x, $y] %}"),
    )

    assert ran(states).output == [1, 2, 1]


@pytest.mark.parametrize("seed", range(8))
def test_a_seed_shuffles_only_what_happens_at_one_instant(seed: int) -> None:
    order: list[str] = []

    def noted(call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        order.append(call.state)
        return {}

    branches = [
        {"StartAt": f"{name}1", "States": {f"{name}1": task(f"{name}2"), f"{name}2": task()}}
        for name in "pqr"
    ]
    simulate(
        machine(a={"Type": "Parallel", "Branches": branches, "Next": "z"}, z=task()),
        None,
        noted,
        Conditions(seed=seed),
    )

    assert order[-1] == "z"
    assert all(order.index(f"{name}1") < order.index(f"{name}2") for name in "pqr")


def test_different_seeds_show_different_orders() -> None:
    branches = [{"StartAt": name, "States": {name: task()}} for name in "pqrs"]
    parallel = machine(a={"Type": "Parallel", "Branches": branches, "End": True})
    orders = {
        tuple(entered.name for entered in ran(parallel, seed=seed).entered if entered.name != "a")
        for seed in range(20)
    }

    assert len(orders) > 5


def test_a_machine_may_time_out() -> None:
    limited = machine(a={"Type": "Wait", "Seconds": 90, "End": True}) | {"TimeoutSeconds": 60}
    run = ran(limited)

    assert (run.status, run.error, run.virtual_seconds) == ("TIMED_OUT", "States.Timeout", 60)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"StartAt": "a", "States": {"a": END}}, "not in JSONata mode"),
        (machine("b", a=END), "starts at a state that does not exist"),
        (machine(a=put(1, "b")), "leads to states that do not exist"),
        (machine(a={"Type": "Pass"}), "neither Next nor End"),
        (
            machine(a={"Type": "Pass", "End": True, "ResultPath": "$"}),
            "fields this interpreter does not know",
        ),
        (machine(a={"Type": "Sleep", "End": True}), "has the type Sleep"),
        (machine(a=task(Retry=[{"ErrorEquals": ["x"], "Interval": 1}])), "does not know"),
        (
            machine(a={"Type": "Parallel", "End": True, "Branches": [machine("b", b=put(1, "a"))]}),
            "do not exist",
        ),
    ],
)
def test_a_machine_with_something_unknown_is_refused(broken: Json, sentence: str) -> None:
    with pytest.raises(UnsupportedMachineError, match=sentence):
        ran(broken)
