"""Chosen outcomes: which element of a list applies where, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import branches, defined, step
from tests.graphs.simulating import loop
from ventuno.engine.outcomes import OutcomeError, parse_outcomes
from ventuno.engine.statuses import StepStatus

DEFINITION = defined(
    step("plain", "CODE", ["f", "i", "outer"]),
    step("f", "FILTER"),
    step("i", "IF_ELSE", given=branches("x", "y")),
    step("x"),
    step("y"),
    loop("outer", ["once", "inner"], [1, 2]),
    step("once", "CODE", "outer"),
    loop("inner", "twice", [1, 2], "outer"),
    step("twice", "CODE", "inner"),
)


def r(value: str) -> dict[str, str]:
    return {"result": value}


def chosen(step_id: str, given: Any, iteration: tuple[int, ...], attempt: int = 0) -> Any:  # noqa: ANN401
    found = parse_outcomes({step_id: given}, DEFINITION).of(step_id, iteration, attempt)
    return found and found.result


@pytest.mark.parametrize(
    ("step_id", "given", "iteration", "attempt", "result"),
    [
        ("plain", r("a"), (), 7, "a"),
        ("plain", [r("a"), r("b")], (), 1, "b"),
        ("plain", [r("a")], (), 1, None),
        ("plain", [None, r("b")], (), 0, None),
        ("once", r("a"), (5,), 2, "a"),
        ("once", [r("a"), r("b")], (1,), 2, "b"),
        ("once", [r("a")], (1,), 0, None),
        ("once", [[r("a"), r("b")], r("c")], (0,), 1, "b"),
        ("once", [[r("a"), r("b")], r("c")], (1,), 1, "c"),
        ("once", [[r("a")]], (0,), 1, None),
        # in nested loops a flat list is about the innermost index, and a list in it about attempts
        ("twice", [r("a"), r("b")], (9, 1), 0, "b"),
        ("twice", [[r("a"), r("b")]], (9, 0), 1, "b"),
        # a third level makes the first one the outer loop's
        ("twice", [[[r("a"), r("b")]], [[r("c")], r("d")]], (0, 0), 1, "b"),
        ("twice", [[[r("a"), r("b")]], [[r("c")], r("d")]], (1, 1), 3, "d"),
        ("twice", [[[r("a")]], r("all")], (1, 4), 2, "all"),
        ("twice", [[[r("a")]]], (1, 0), 0, None),
    ],
)
def test_lists_are_about_iterations_and_attempts(
    step_id: str, given: object, iteration: tuple[int, ...], attempt: int, result: str | None
) -> None:
    assert chosen(step_id, given, iteration, attempt) == result


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"matches": True}, StepStatus.SUCCESS),
        ({"matches": False}, StepStatus.STOPPED),
        ({"result": {"matchesFilter": False}}, StepStatus.STOPPED),
        ({"error": {"status": 500}}, StepStatus.FAILED),
    ],
)
def test_a_filter_is_given_its_answer(given: dict[str, Any], status: StepStatus) -> None:
    found = parse_outcomes({"f": given}, DEFINITION).of("f", (), 0)

    assert found is not None
    assert found.status is status


@pytest.mark.parametrize("given", [{"branch": "b1"}, {"result": {"matchingBranchId": "b1"}}])
def test_an_if_else_is_given_its_branch(given: dict[str, Any]) -> None:
    found = parse_outcomes({"i": given}, DEFINITION).of("i", (), 0)

    assert found is not None
    assert (found.branch, found.result) == (1, {"matchingBranchId": "b1"})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "outcomes are an object"),
        ({"nobody": {}}, 'there is no step "nobody"'),
        ({"plain": {}}, "plain: an outcome has exactly one of the keys result, error, matches, branch"),
        ({"plain": {"result": 1, "error": 2}}, "exactly one of the keys"),
        ({"plain": {"results": 1}}, '"results" is no outcome'),
        ({"plain": "done"}, "exactly one of the keys"),
        ({"plain": {"error": None}}, "an error is a text or a JSON value"),
        ({"plain": {"matches": True}}, "only a FILTER has it"),
        ({"f": {"matches": "yes"}}, "matches is true or false"),
        ({"f": {"result": {}}}, "matches is true or false"),
        ({"plain": {"branch": "b0"}}, "only an IF_ELSE has branches"),
        ({"i": {"branch": "b9"}}, 'there is no branch "b9"; its branches are b0, b1'),
        ({"outer": {"result": []}}, "an ITERATOR makes its results itself"),
        ({"plain": [[r("a")]]}, "plain: lists are nested 2 deep, but it is in no loop"),
        ({"once": [[[r("a")]]]}, "once: lists are nested 3 deep, but 1 loops are around it"),
        ({"once": [r("a"), [r("b"), 5]]}, r"once\[1\]\[1\]: an outcome has exactly one"),
    ],
)
def test_wrong_outcomes_are_refused_with_the_place(given: object, sentence: str) -> None:
    with pytest.raises(OutcomeError, match=sentence):
        parse_outcomes(given, DEFINITION)
