"""Loops: iterations, their history, parallel iterations, and what a failure does to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, defined, step
from tests.graphs.simulating import loop, simulated, started, statuses
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Definition

ERROR = {"error": "no"}
ENDED = {"currentItemIndex": 3, "hasProcessedAllItems": True}


def told_pass(index: int, item: Any) -> Json:  # noqa: ANN401 - any item
    return {"currentItemIndex": index, "currentItem": item, "hasProcessedAllItems": False}


def of_three(**settings: Any) -> Definition:  # noqa: ANN401 - author JSON
    return defined(
        loop("loop", "a", ["x", "y", "z"], "after", **settings),
        step("a", "CODE", "b"),
        step("b", "CODE", "loop"),
        step("after", "CODE"),
    )


def lasting(seconds: dict[int, float]) -> Callable[[str, tuple[int, ...]], float]:
    """Let step `a` last this long in each iteration."""
    return lambda name, iteration: seconds.get(iteration[0], 0.0) if name == "a" else 0.0


def test_earlier_iterations_move_into_the_history_and_the_last_one_stays() -> None:
    run = simulated(of_three(), {"a": [{"result": 1}, {"result": 2}, {"result": 3}]})

    assert run.order == ["loop", "a", "b", "a", "b", "a", "b", "after"]
    assert run.steps["loop"]["result"] == ENDED
    assert run.steps["loop"]["history"] == [
        {"status": "RUNNING", "result": told_pass(0, "x")},
        {"status": "RUNNING", "result": told_pass(1, "y")},
    ]
    assert run.steps["a"] == {
        "status": "SUCCESS",
        "result": 3,
        "history": [{"status": "SUCCESS", "result": 1}, {"status": "SUCCESS", "result": 2}],
    }


@pytest.mark.parametrize(("items", "body"), [([], "a"), ("[]", "a"), ([1, 2], ())])
def test_a_loop_without_items_or_body_succeeds_and_leaves_its_body_alone(items: Any, body: Any) -> None:  # noqa: ANN401
    steps = [step("a", "CODE", "loop")] if body else []
    run = simulated(defined(loop("loop", body, items, "after"), *steps, step("after")))

    assert run.order == ["loop", "after"]
    assert run.steps["loop"] == {
        "status": "SUCCESS",
        "result": {"currentItemIndex": 0, "hasProcessedAllItems": True},
    }
    assert not steps or run.steps["a"] == {"status": "NOT_STARTED"}


def test_a_step_of_the_body_sees_its_own_item_and_nothing_of_the_iteration_before() -> None:
    on_item = [{"type": "NUMBER", "stepOutputKey": "{{loop.currentItem}}", "operand": "IS", "value": "2"}]
    on_last = [{"type": "NUMBER", "stepOutputKey": "{{a.n}}", "operand": "IS", "value": "7"}]
    definition = defined(
        loop("loop", ["f", "g"], [1, 2]),
        step("f", "FILTER", "a", {"stepFilters": on_item}),
        step("a", "CODE", "loop"),
        step("g", "FILTER", "loop", {"stepFilters": on_last}),
    )
    run = simulated(definition, {"a": {"result": {"n": 7}}})

    assert run.order == ["loop", "f", "g", "f", "g", "a"]
    assert [told["status"] for told in run.steps["g"]["history"]] == ["STOPPED"]
    assert run.steps["a"]["history"] == [{"status": "SKIPPED"}]


def test_what_follows_a_loop_reads_the_last_iteration() -> None:
    on_last = [{"type": "NUMBER", "stepOutputKey": "{{a.n}}", "operand": "IS", "value": "2"}]
    definition = defined(
        loop("loop", "a", [1, 2], "f"),
        step("a", "CODE", "loop"),
        step("f", "FILTER", given={"stepFilters": on_last}),
    )

    assert (
        simulated(definition, {"a": [{"result": {"n": 1}}, {"result": {"n": 2}}]}).steps["f"]["status"]
        == "SUCCESS"
    )


def test_an_unrescued_failure_ends_the_run_in_its_iteration() -> None:
    run = simulated(of_three(), {"a": [None, ERROR]})

    assert run.status is RunStatus.FAILED
    assert run.order == ["loop", "a", "b", "a"]
    assert run.steps["loop"]["status"] == "FAILED"
    assert run.steps["loop"]["error"] == ENDED_BEFORE
    assert run.steps["loop"]["result"] == told_pass(1, "y")
    assert run.steps["a"] == {
        "status": "FAILED",
        "error": "no",
        "history": [{"status": "SUCCESS", "result": {}}],
    }
    assert statuses(run)["b"] == statuses(run)["after"] == "NOT_STARTED"


def test_a_loop_that_goes_on_after_failures_marks_the_rest_of_the_iteration() -> None:
    run = simulated(of_three(shouldContinueOnIterationFailure=True), {"a": [None, ERROR]})

    assert run.status is RunStatus.COMPLETED
    assert run.order == ["loop", "a", "b", "a", "a", "b", "after"]
    assert run.steps["a"]["history"][1] == {"status": "FAILED_SAFELY", "error": "no"}
    assert run.steps["b"]["history"][1] == {"status": "FAILED_SAFELY"}


def test_sequential_iterations_wait_for_every_branch_of_the_body() -> None:
    definition = defined(
        loop("loop", ["a", "b"], [1, 2]), step("a", "CODE", "loop"), step("b", "CODE", "loop")
    )
    interpreter = started(definition, duration=lambda name, _: {"a": 1.0, "b": 5.0}[name])
    interpreter.run()

    assert [
        (done.step_id, done.iteration, done.started_at) for done in interpreter.simulated().executions
    ] == [
        ("loop", (), 0.0),
        ("a", (0,), 0.0),
        ("b", (0,), 0.0),
        ("a", (1,), 5.0),
        ("b", (1,), 5.0),
    ]


def test_parallel_iterations_start_in_index_order_and_never_more_than_allowed() -> None:
    interpreter = started(of_three(maxConcurrency=2), duration=lasting({0: 5.0, 1: 1.0, 2: 1.0}))
    interpreter.run()
    run = interpreter.simulated()
    starts = {done.iteration: done.started_at for done in run.executions if done.step_id == "a"}

    assert starts == {(0,): 0.0, (1,): 0.0, (2,): 1.0}
    assert run.virtual_seconds == 5.0


def test_the_history_of_parallel_iterations_is_ordered_by_index() -> None:
    outcomes = {"a": [{"result": 0}, {"result": 1}, {"result": 2}]}
    interpreter = started(of_three(maxConcurrency=3), outcomes, duration=lasting({0: 9.0, 1: 5.0}))
    interpreter.run()
    told = interpreter.simulated().steps["a"]

    assert told["result"] == 2
    assert [past["result"] for past in told["history"]] == [0, 1]


def test_after_a_failure_no_further_iteration_starts_and_running_ones_finish() -> None:
    interpreter = started(of_three(maxConcurrency=2), {"a": [ERROR]}, duration=lasting({0: 1.0, 1: 5.0}))
    interpreter.run()
    run = interpreter.simulated()

    assert run.status is RunStatus.FAILED
    assert run.order == ["loop", "a", "a", "b"]
    assert run.steps["a"]["status"] == "FAILED", "the iteration that failed is the one shown"
    assert run.steps["a"]["history"] == [{"status": "SUCCESS", "result": {}}]
    assert run.steps["loop"]["result"] == told_pass(0, "x")


def test_a_failure_inside_a_loop_lets_steps_beside_the_loop_run_to_their_end() -> None:
    definition = defined(
        step("fork", "CODE", ["loop", "beside"]),
        loop("loop", "a", [1, 2]),
        step("a", "CODE", "loop"),
        step("beside", "CODE", "last"),
        step("last", "CODE"),
    )
    interpreter = started(definition, {"a": ERROR}, duration=lambda name, _: 9.0 if name == "beside" else 0.0)
    interpreter.run()

    assert interpreter.simulated().order == ["fork", "loop", "beside", "a", "last"]
    assert interpreter.status is RunStatus.FAILED


def nested_loops() -> Definition:
    return defined(
        loop("outer", "inner", [["p", "q"], [], ["r"]], "after"),
        loop("inner", "a", "{{outer.currentItem}}", "outer"),
        step("a", "CODE", "inner"),
        step("after"),
    )


def test_nested_loops_leave_one_flat_history_in_the_order_of_their_indexes() -> None:
    run = simulated(
        nested_loops(), {"a": [[[{"result": "0.0"}], [{"result": "0.1"}]], [], [[{"result": "2.0"}]]]}
    )

    assert run.status is RunStatus.COMPLETED
    assert run.steps["a"]["result"] == "2.0"
    assert run.steps["a"]["history"] == [
        {"status": "SUCCESS", "result": "0.0"},
        {"status": "SUCCESS", "result": "0.1"},
        {"status": "NOT_STARTED"},
    ]
    assert [told["status"] for told in run.steps["inner"]["history"]] == ["RUNNING", "SUCCESS", "SUCCESS"]


def test_an_inner_loop_without_the_flag_fails_safely_without_an_error_or_result() -> None:
    definition = defined(
        loop("outer", "inner", [1, 2], shouldContinueOnIterationFailure=True),
        loop("inner", "a", [1, 2], "tail"),
        step("a", "CODE", "inner"),
        step("tail", "CODE", "outer"),
    )
    run = simulated(definition, {"a": [[[ERROR]]]})

    assert run.order == ["outer", "inner", "a", "inner", "a", "a", "tail"]
    assert {"status": "FAILED_SAFELY"} in run.steps["inner"]["history"]
    assert run.steps["tail"]["history"] == [{"status": "FAILED_SAFELY"}]


def test_a_branch_that_returns_straight_to_the_iterator_lets_it_go_on() -> None:
    choice = step("i", "IF_ELSE", given=branches("a", "loop", on="{{loop.currentItem}}"))
    run = simulated(defined(loop("loop", "i", [0, 1, 0]), choice, step("a", "CODE", "loop")))

    assert run.order == ["loop", "i", "a", "i", "i", "a"]
    assert [told["status"] for told in run.steps["a"]["history"]] == ["SUCCESS", "SKIPPED"]


def test_a_retry_inside_a_loop_leaves_its_attempts_before_the_iteration_it_belongs_to() -> None:
    definition = defined(loop("loop", "a", [1, 2]), step("a", "CODE", "loop", retryOnFailure=2))
    run = simulated(definition, {"a": [[ERROR, {"result": 1}], [{"result": 2}]]})

    assert run.steps["a"]["history"] == [
        {"status": "FAILED", "error": "no", "retryAttempt": 1},
        {"status": "SUCCESS", "result": 1},
    ]
    assert run.virtual_seconds == 1.0


def test_a_loop_of_many_items_needs_no_deep_stack() -> None:
    run = simulated(defined(loop("loop", "a", [0] * 20_000), step("a", "CODE", "loop")))

    assert len(run.steps["a"]["history"]) == 19_999


def test_parallel_iterations_each_see_their_own_item_and_results() -> None:
    on_item = [{"type": "NUMBER", "stepOutputKey": "{{loop.currentItem}}", "operand": "IS", "value": "1"}]
    on_a = [{"type": "NUMBER", "stepOutputKey": "{{a.n}}", "operand": "IS", "value": "7"}]
    definition = defined(
        loop("loop", ["slow", "a"], [1, 2], maxConcurrency=2),
        step("a", "CODE", "loop"),
        step("slow", "CODE", ["by_item", "by_a"]),
        step("by_item", "FILTER", "loop", {"stepFilters": on_item}),
        step("by_a", "FILTER", "loop", {"stepFilters": on_a}),
    )
    seconds: dict[tuple[str, tuple[int, ...]], float] = {
        ("slow", (0,)): 20.0,
        ("slow", (1,)): 5.0,
        ("a", (1,)): 9.0,
    }
    interpreter = started(
        definition,
        {"a": {"result": {"n": 7}}},
        duration=lambda name, iteration: seconds.get((name, iteration), 0.0),
    )
    interpreter.run()
    steps = interpreter.simulated().steps

    assert [steps["by_item"]["history"][0]["status"], steps["by_item"]["status"]] == ["SUCCESS", "STOPPED"]
    assert [steps["by_a"]["history"][0]["status"], steps["by_a"]["status"]] == ["SUCCESS", "STOPPED"]


def test_of_parallel_iterations_the_one_that_ended_the_loop_safely_is_shown() -> None:
    definition = defined(
        loop("outer", "inner", [1], shouldContinueOnIterationFailure=True),
        loop("inner", "a", [1, 2], "outer", maxConcurrency=2),
        step("a", "CODE", "inner"),
    )
    run = simulated(definition, {"a": [{"error": "no"}, {"result": 2}]})

    assert run.steps["a"] == {
        "status": "FAILED_SAFELY",
        "error": "no",
        "history": [{"status": "SUCCESS", "result": 2}],
    }
    assert run.steps["inner"]["history"] == [{"status": "RUNNING", "result": told_pass(1, 2)}]
