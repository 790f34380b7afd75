"""Parallel and Map: scopes inside, their variables, their order and what is counted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.asl.machines import Json, failing, machine, put, ran, task
from ventuno_dev.asl.errors import QUERY_EVALUATION_ERROR, UnsupportedMachineError
from ventuno_dev.asl.simulation import simulate

END: Json = {"Type": "Pass", "End": True}


def branch(*, reads: str = "$x", **assigned: Any) -> Json:  # noqa: ANN401 - any JSON
    return {"StartAt": "in", "States": {"in": put(f"{{% {reads} %}}", Assign=assigned)}}


def test_branches_read_outer_variables_and_keep_their_own() -> None:
    states = machine(
        a=put(0, "p", Assign={"x": 1}),
        p={
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": name,
                    "States": {
                        name: put(0, f"{name}2", Assign={"mine": name}),
                        f"{name}2": put("{% [$x, $mine] %}"),
                    },
                }
                for name in ("m", "n")
            ],
            "Assign": {"both": "{% $states.result %}"},
            "Next": "z",
        },
        z=put({"both": "{% $both %}", "mine": "{% $exists($mine) %}"}),
    )

    assert ran(states).output == {"both": [[1, "m"], [1, "n"]], "mine": False}


def test_a_branch_may_not_assign_a_variable_around_it() -> None:
    states = machine(
        a=put(0, "p", Assign={"x": 1}), p={"Type": "Parallel", "Branches": [branch(x=2)], "End": True}
    )

    with pytest.raises(UnsupportedMachineError, match="outer variables"):
        ran(states)


def test_a_parallel_costs_four_events_and_its_branches_theirs() -> None:
    inner = {"StartAt": "in", "States": {"in": put(1)}}
    run = ran(machine(a={"Type": "Parallel", "Branches": [inner, inner], "End": True}))

    assert run.output == [1, 1]
    assert run.history_events == 2 + 4 + 2 * 2
    assert run.transitions == 3


def waiting(seconds: float) -> Json:
    return {"StartAt": "w", "States": {"w": {"Type": "Wait", "Seconds": seconds, "End": True}}}


def test_branches_run_at_the_same_time() -> None:
    assert (
        ran(
            machine(a={"Type": "Parallel", "Branches": [waiting(9), waiting(7)], "End": True})
        ).virtual_seconds
        == 9
    )


def test_a_failing_branch_ends_the_others_at_once() -> None:
    fails = {"StartAt": "f", "States": {"f": {"Type": "Fail", "Error": "Mine"}}}
    catch = [{"ErrorEquals": ["Mine"], "Next": "b", "Output": "{% $states.errorOutput.Error %}"}]
    parallel = {"Type": "Parallel", "Branches": [waiting(9), fails], "End": True, "Catch": catch}
    run = ran(machine(a=parallel, b=END))

    assert run.output == "Mine"
    assert run.virtual_seconds == 0


def mapped(processor: Json, **more: Any) -> Json:  # noqa: ANN401 - any field
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **more}


def test_a_map_runs_its_items_in_order_and_shows_each_iteration_its_item() -> None:
    seen = put("{% [$states.input, $states.context.Map.Item.Index, $states.context.Map.Item.Value] %}")
    run = ran(
        machine(
            a=mapped(
                {"StartAt": "in", "States": {"in": seen}},
                Items="{% $states.input.items %}",
                ItemSelector={"v": "{% $states.context.Map.Item.Value %}", "all": "{% $states.input.more %}"},
            )
        ),
        {"items": ["x", "y"], "more": 1},
    )

    assert run.output == [[{"v": "x", "all": 1}, 0, "x"], [{"v": "y", "all": 1}, 1, "y"]]
    assert run.history_events == 2 + 4 + 2 * 2 + 2 * 2
    assert [entered.iteration for entered in run.entered] == [(), (0,), (1,)]


@pytest.mark.parametrize(("limit", "seconds"), [(1, 30), (2, 20), (0, 10)])
def test_a_map_runs_so_many_iterations_at_once(limit: int, seconds: float) -> None:
    run = ran(machine(a=mapped(waiting(10), MaxConcurrency=limit)), [1, 2, 3])

    assert run.virtual_seconds == seconds


def test_an_inline_map_never_runs_more_than_forty_at_once() -> None:
    assert ran(machine(a=mapped(waiting(1), MaxConcurrency=100)), [0] * 81).virtual_seconds == 3


def test_nested_maps_know_the_indexes_around_them() -> None:
    inner = mapped({"StartAt": "in", "States": {"in": put("{% $states.context.Map.Item.Value %}")}})
    run = ran(machine(a=mapped({"StartAt": "m", "States": {"m": inner}})), [[1], [2, 3]])

    assert run.output == [[1], [2, 3]]
    assert [entered.iteration for entered in run.entered if entered.name == "in"] == [(0, 0), (1, 0), (1, 1)]


def test_a_failing_iteration_fails_its_map() -> None:
    processor = {"StartAt": "in", "States": {"in": task()}}
    run = simulate(machine(a=mapped(processor, MaxConcurrency=1)), [1, 2], failing("Mine", 1))

    assert (run.status, run.error) == ("FAILED", "Mine")
    assert run.events["MapIterationFailed"] == 1
    assert run.events["MapIterationStarted"] == 1


def test_what_is_no_array_fails_a_map() -> None:
    assert ran(machine(a=mapped(waiting(1))), {}).error == QUERY_EVALUATION_ERROR


DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


def test_each_item_of_a_distributed_map_is_an_execution_with_its_own_input_and_history() -> None:
    processor = {
        "ProcessorConfig": DISTRIBUTED,
        "StartAt": "in",
        "States": {"in": put("{% [$states.context.Execution.Input, [$exists($x)]] %}")},
    }
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Key": "{% $states.input %}"}}
    run = ran(
        machine(a=put("items", "m", Assign={"x": 1}), m=mapped(processor, ItemReader=reader)),
        read_items=lambda arguments: [arguments["Key"], "other"],
    )

    assert run.output == [["items", [False]], ["other", [False]]]
    assert run.history_events == 2 + 2 + 6
    assert run.transitions == 4


def test_a_distributed_map_may_tolerate_failures() -> None:
    processor = {"ProcessorConfig": DISTRIBUTED, "StartAt": "in", "States": {"in": task()}}
    tolerant = machine(a=mapped(processor, MaxConcurrency=1, ToleratedFailurePercentage=50))

    assert simulate(tolerant, [1, 2], failing("Mine", 1)).output == [None, {"step": "in"}]
    assert simulate(tolerant, [1, 2], failing("Mine", 2)).error == "States.ExceedToleratedFailureThreshold"
