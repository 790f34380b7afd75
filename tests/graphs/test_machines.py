"""Compiled machines do what the run rules do: on random graphs, and on the shapes that others got wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from tests.builders import Json, branches, passes, step, written
from tests.graphs.cases import Case, cases, random_case
from tests.graphs.proving import both, disagreements, prove
from tests.graphs.simulating import delay, loop, statuses
from tests.graphs.test_cases import varied
from ventuno import errors
from ventuno.definition.checks.rules import structure_errors
from ventuno.engine.interpreter import interpret
from ventuno.runtime.behaviour import ActionBehaviour

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNK = 100
ERROR = {"error": "no"}


@pytest.mark.parametrize("start", range(0, 2_000, CHUNK))
def test_machines_of_random_graphs_do_what_the_run_rules_do(start: int) -> None:
    for seed in range(start, start + CHUNK):
        prove(seed)


@settings(max_examples=100)
@given(case=cases())
def test_machines_of_drawn_graphs_do_what_the_run_rules_do(case: Case) -> None:
    assert disagreements(case) == []


def test_what_a_machine_comes_to_does_not_depend_on_how_long_steps_take() -> None:
    for seed in range(150):
        case = random_case(seed)
        ordered = not case.model().fail_fast and "maxConcurrency" not in str(case.definition)
        if ordered:
            _, quick = both(case)
            _, slow = both(case, varied(seed))

            assert statuses(slow.run) == statuses(quick.run), seed
            assert sorted(slow.run.order) == sorted(quick.run.order), seed


def test_the_products_actions_agree_with_the_tests_own_reading_of_the_reference() -> None:
    for seed in range(300):
        case = random_case(seed)
        interpreter = case.interpreter()
        interpreter.run()
        by_actions, _ = both(case)

        assert by_actions == interpreter.simulated(), seed


# --- shapes that comparable products got wrong --------------------------------------------------------

TASK = "CREATE_RECORD"


def case_of(*steps: Json, first: Sequence[str] | None = None, hasty: bool = False, **outcomes: Any) -> Case:  # noqa: ANN401 - outcomes
    definition = written(*steps) | ({"failFast": True} if hasty else {})
    if first is not None:
        definition["trigger"]["nextStepIds"] = list(first)
    return Case(definition, {"branch": 1, "name": "Ada"}, outcomes)


FIELDS: list[Json] = [{"name": "x", "label": "X", "type": "TEXT"}]
FALSE = passes("{{trigger.name}}", "nobody")
FORKING = branches("f", "f")
FORKING["branches"][1]["nextStepIds"].append("b")
SHAPES: dict[str, tuple[Case, str, dict[str, str]]] = {
    "a diamond with a direct link": (
        case_of(
            step("a", "IF_ELSE", given=branches("b", "j")), step("b", TASK, "j"), step("j", TASK, "end"),
            step("end"),
        ),
        "COMPLETED",
        {"a": "SUCCESS", "b": "SKIPPED", "j": "SUCCESS", "end": "SUCCESS"},
    ),
    "the merge of two branches": (
        case_of(step("a", TASK, ["b", "c"]), step("b", TASK, "j"), step("c", TASK, "j"), step("j", TASK)),
        "COMPLETED",
        {"a": "SUCCESS", "b": "SUCCESS", "c": "SUCCESS", "j": "SUCCESS"},
    ),
    "a loop on the trigger with a false filter": (
        case_of(loop("each", "f", [1, 2], "end"), step("f", "FILTER", "b", FALSE), step("b", TASK, "each"),
                step("end", TASK)),
        "COMPLETED",
        {"each": "SUCCESS", "f": "STOPPED", "b": "SKIPPED", "end": "SUCCESS"},
    ),
    "an if/else in a loop": (
        case_of(
            step("a", TASK, "each"),
            loop("each", "i", [0, 1], "end"),
            step("i", "IF_ELSE", given=branches("b", "c", on="{{each.currentItem}}")),
            step("b", TASK, "each"),
            step("c", TASK, "each"),
            step("end", TASK),
        ),
        "COMPLETED",
        {"a": "SUCCESS", "each": "SUCCESS", "i": "SUCCESS", "b": "SKIPPED", "c": "SUCCESS", "end": "SUCCESS"},
    ),
    "a branch that leads straight back to the iterator": (
        case_of(
            loop("each", "i", [1, 0], "end"),
            step("i", "IF_ELSE", given=branches("each", "b", on="{{each.currentItem}}")),
            step("b", TASK, "each"),
            step("end", TASK),
        ),
        "COMPLETED",
        {"each": "SUCCESS", "i": "SUCCESS", "b": "SKIPPED", "end": "SUCCESS"},
    ),
    "a nested loop whose inner one fails": (
        case_of(
            loop("outer", "inner", [1, 2], "end", shouldContinueOnIterationFailure=True),
            loop("inner", "a", [1, 2], "b"),
            step("a", TASK, "inner"),
            step("b", TASK, "outer"),
            step("end", TASK),
            a=ERROR,
        ),
        "COMPLETED",
        {
            "outer": "SUCCESS", "inner": "FAILED_SAFELY", "a": "FAILED_SAFELY", "b": "FAILED_SAFELY",
            "end": "SUCCESS",
        },
    ),
    "an N: a leads to j, b to j and x": (
        case_of(step("r", TASK, ["a", "b"]), step("a", TASK, "j"), step("b", TASK, ["j", "x"]),
                step("j", TASK), step("x", TASK)),
        "COMPLETED",
        dict.fromkeys("rabjx", "SUCCESS"),
    ),
    "a form nobody answers beside a branch that ends": (
        case_of(step("a", TASK, ["ask", "b"]),
                step("ask", "FORM", given=FIELDS), step("b", TASK)),
        "RUNNING",
        {"a": "SUCCESS", "ask": "PENDING", "b": "SUCCESS"},
    ),
    "a failure in a fork that ends an iteration": (
        case_of(
            loop("each", ["a", "b"], [1, 2], "end"), step("a", TASK), step("b", TASK, "each"),
            step("end", TASK), a=ERROR,
        ),
        "FAILED",
        {"each": "FAILED", "a": "FAILED", "b": "SUCCESS", "end": "NOT_STARTED"},
    ),
    "a filter that fails beside another branch": (
        case_of(step("f", "FILTER", given=FALSE), step("a", TASK), first=["f", "a"], f=ERROR),
        "FAILED",
        {"f": "FAILED", "a": "SUCCESS"},
    ),
    "a form that waits where branches cannot be nested": (
        case_of(
            step("a", TASK, ["b", "j"]), step("b", TASK, ["ask", "j"]),
            step("ask", "FORM", given=FIELDS), step("j", TASK),
        ),
        "RUNNING",
        {"a": "SUCCESS", "b": "SUCCESS", "ask": "PENDING", "j": "SUCCESS"},
    ),
    "a hasty failure that a loop goes on after": (
        case_of(
            loop("each", ["a", "b"], [1, 2], shouldContinueOnIterationFailure=True), step("a", TASK),
            step("b", TASK, "each"), a=[ERROR, {"result": 1}], hasty=True,
        ),
        "COMPLETED",
        {"each": "SUCCESS", "a": "SUCCESS", "b": "SUCCESS"},
    ),
    "two delays that meet beside another branch": (
        case_of(delay("d", "j", seconds=43), delay("e", "j", seconds=71), step("j", TASK), step("x", TASK),
                first=["d", "e", "x"]),
        "COMPLETED",
        dict.fromkeys("dejx", "SUCCESS"),
    ),
    "a form in an iteration beside one that fails": (
        case_of(
            loop("each", "ask", [1, 2], maxConcurrency=2),
            step("ask", "FORM", "each", FIELDS), ask=[ERROR],
        ),
        "RUNNING",
        {"each": "RUNNING", "ask": "FAILED"},
    ),
    "iterations beside one that fails": (
        case_of(
            loop("each", ["a", "wait"], [1, 2, 3, 4], "end", maxConcurrency=2), step("a", TASK, "each"),
            delay("wait", "b", seconds=5), step("b", TASK, "each"), step("end", TASK),
            a=[ERROR, {"result": 1}],
        ),
        "FAILED",
        {"each": "FAILED", "a": "FAILED", "wait": "SUCCESS", "b": "SUCCESS", "end": "NOT_STARTED"},
    ),
    "iterations beside one that fails, in a loop that goes on": (
        case_of(
            loop("outer", "each", [1, 2], "end", shouldContinueOnIterationFailure=True),
            loop("each", ["a", "wait"], [1, 2, 3, 4], "outer", maxConcurrency=2), step("a", TASK, "each"),
            delay("wait", "b", seconds=5), step("b", TASK, "each"), step("end", TASK),
            a=[[[ERROR], [{"result": 1}]]],
        ),
        "COMPLETED",
        {"outer": "SUCCESS", "each": "SUCCESS", "a": "SUCCESS", "wait": "SUCCESS", "b": "SUCCESS",
         "end": "SUCCESS"},
    ),
    "a filter that is reached by a branch alone and by another beside a step": (
        case_of(
            step("a", TASK, "i"), step("i", "IF_ELSE", given=FORKING),
            step("f", "FILTER", given=passes("x", "x")), step("b", TASK), hasty=True,
        ),
        "COMPLETED",
        {"a": "SUCCESS", "i": "SUCCESS", "f": "SUCCESS", "b": "SUCCESS"},
    ),
    "iterations that begin at once and are both tried again": (
        case_of(
            loop("each", "a", [1, 2, 3, 4], maxConcurrency=2), step("a", TASK, "each", retryOnFailure=1),
            a=[{"result": 1}, {"result": 2}, ERROR, ERROR],
        ),
        "FAILED",
        {"each": "FAILED", "a": "FAILED"},
    ),
    "iterations beside one that fails, with a loop in each": (
        case_of(
            loop("each", "inner", [1, 2, 3], maxConcurrency=2), loop("inner", "a", [1, 2, 3], "b"),
            step("a", TASK, "inner"), delay("b", "each", seconds=5),
            a=[[[{"result": 1}], [ERROR]]],
        ),
        "FAILED",
        {"each": "FAILED", "inner": "FAILED", "a": "FAILED", "b": "NOT_STARTED"},
    ),
    "two forms where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), step("a", "FORM", "j", FIELDS),
            step("b", TASK, ["c", "j"]), step("c", "FORM", given=FIELDS),
            step("j", TASK), c={"result": {"x": "y"}},
        ),
        "RUNNING",
        {"r": "SUCCESS", "a": "PENDING", "b": "SUCCESS", "c": "SUCCESS", "j": "NOT_STARTED"},
    ),
    "two delays and a form where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), delay("a", "j", seconds=50), step("b", TASK, ["c", "d", "j"]),
            step("c", "FORM", given=FIELDS),
            delay("d", "e", seconds=20), step("e", TASK), step("j", TASK),
        ),
        "RUNNING",
        {"r": "SUCCESS", "a": "SUCCESS", "b": "SUCCESS", "c": "PENDING", "d": "SUCCESS", "e": "SUCCESS",
         "j": "SUCCESS"},
    ),
    "a failure beside two waits where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), delay("a", "j", seconds=50), step("b", TASK, ["c", "d", "j"]),
            delay("c", "x", seconds=90), step("d", TASK), step("j", TASK), step("x", TASK), d=ERROR,
        ),
        "FAILED",
        {"r": "SUCCESS", "a": "SUCCESS", "b": "SUCCESS", "c": "SUCCESS", "d": "FAILED", "j": "SUCCESS",
         "x": "SUCCESS"},
    ),
    "a form beside a step that tries again, where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), step("a", TASK, "j", retryOnFailure=2), step("b", TASK, ["c", "j"]),
            step("c", "FORM", given=FIELDS), step("j", TASK), a=[ERROR, {"result": 1}],
        ),
        "RUNNING",
        {"r": "SUCCESS", "a": "SUCCESS", "b": "SUCCESS", "c": "PENDING", "j": "SUCCESS"},
    ),
    "a delay beside a loop that waits, where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), delay("a", "j", seconds=5), step("b", TASK, ["each", "j"]),
            loop("each", "ask", [1]), step("ask", "FORM", "each", FIELDS), step("j", TASK),
        ),
        "RUNNING",
        {"r": "SUCCESS", "a": "SUCCESS", "b": "SUCCESS", "each": "RUNNING", "ask": "PENDING", "j": "SUCCESS"},
    ),
    "loops that wait beside one another, where branches cannot be nested": (
        case_of(
            step("r", TASK, ["a", "b"]), loop("a", "d", [1, 2], "j"), delay("d", "a", seconds=5),
            loop("b", "ask", [1], ["j", "x"]), step("ask", "FORM", "b", FIELDS),
            loop("x", "e", [1, 2]), delay("e", "f", seconds=3), step("f", TASK, "x"), step("j", TASK),
            ask={"result": {"x": "y"}}, f=[None, ERROR],
        ),
        "FAILED",
        {"r": "SUCCESS", "a": "SUCCESS", "d": "SUCCESS", "b": "SUCCESS", "ask": "SUCCESS", "x": "FAILED",
         "e": "SUCCESS", "f": "FAILED", "j": "SUCCESS"},
    ),
    "a delay of three days": (
        case_of(delay("wait", "b", days=3), step("b", TASK)),
        "COMPLETED",
        {"wait": "SUCCESS", "b": "SUCCESS"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_both_engines_agree_on_a_shape_that_others_got_wrong(name: str) -> None:
    case, status, expected = SHAPES[name]
    interpreted, machine = both(case)

    assert structure_errors(case.model()) == []
    assert disagreements(case) == []
    assert interpreted.status == machine.run.status == status
    assert (
        statuses(interpreted) == expected if name != "an if/else in a loop" else expected | {"a": "SUCCESS"}
    )


def test_two_loops_that_share_their_bodies_are_refused_by_both_engines() -> None:
    case = case_of(
        step("a", TASK, ["x", "y"]), loop("x", "b", [1]), loop("y", "b", [1]), step("b", TASK, ["x", "y"])
    )

    with pytest.raises(errors.DefinitionError, match="overlap"):
        interpret(case.model(), ActionBehaviour())
    with pytest.raises(errors.DefinitionError, match="overlap"):
        both(case)


def test_three_days_pass_in_no_time() -> None:
    _, machine = both(SHAPES["a delay of three days"][0])

    assert machine.run.virtual_seconds == 3 * 86_400


@pytest.mark.parametrize("count", [0, 1, 10, 2_500])
def test_a_long_list_runs_in_batches_and_comes_to_the_same(count: int) -> None:
    items = list(range(count))
    case = case_of(
        loop("each", "a", items, "end"), step("a", TASK, "b"), step("b", TASK, "each"), step("end", TASK)
    )
    interpreted, machine = both(case)

    assert machine.faults == ()
    assert machine.run.steps == interpreted.steps
    assert machine.run.order == interpreted.order
    assert machine.history_events < 25_000


def test_of_a_long_list_the_first_items_begin_at_once_where_the_author_allows_it() -> None:
    case = case_of(
        loop("each", "ask", list(range(2_900)), maxConcurrency=3), step("ask", "FORM", "each", FIELDS)
    )
    _, machine = both(case)

    assert machine.faults == ()
    assert sorted(done.iteration for done in machine.run.executions if done.iteration) == [(0,), (1,), (2,)]


def test_a_batch_that_fails_lets_the_iterations_beside_it_end_and_no_further_one_begin() -> None:
    items = list(range(2_500))
    case = case_of(
        loop("each", "a", items, "end", maxConcurrency=3), step("a", TASK, "b"), step("b", TASK, "each"),
        step("end", TASK), b=[None, None, ERROR],
    )  # fmt: skip
    _, machine = both(case)

    assert machine.faults == ()
    assert machine.run.status == "FAILED"
    assert machine.run.steps["b"]["status"] == "FAILED"
    assert statuses(machine.run)["end"] == "NOT_STARTED"
    assert len(machine.run.executions) < 20
