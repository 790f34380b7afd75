"""Calls of the longest path, and what a thousand runs cost, added up by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import branches, create, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.cost import cost_of

CALLS: dict[str, tuple[list[Any], int]] = {
    "no step that is called": ([step("a")], 0),
    "one after another": ([create("a", "b"), create("b")], 2),
    "a step with retries": ([create("a", retryOnFailure=2)], 3),
    "the longer of two branches": (
        [step("i", "IF_ELSE", given=branches("a", "b")), create("a"), create("b", "c"), create("c")],
        2,
    ),
    "branches side by side": ([create("a", ["b", "c"]), create("b"), create("c")], 3),
    "a loop, once": (
        [
            create("a", "loop"),
            step("loop", "ITERATOR", given={"items": "{{trigger.all}}", "initialLoopStepIds": ["x"]}),
            create("x", "y"),
            create("y", "loop"),
        ],
        3,
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_calls_are_those_of_the_longest_path(case: str) -> None:
    steps, expected = CALLS[case]

    assert compile_definition(defined(*steps), KINDS).figures.calls == expected


def test_a_thousand_runs_of_two_steps_cost_what_their_parts_cost() -> None:
    figures = compile_definition(defined(create("a", "b"), create("b")), KINDS).figures
    cost = cost_of(figures)
    calls, reads, writes = 2 + 2, 2 * 1 + 1, 2 * 2 + 4

    assert cost.step_functions == pytest.approx(0.025 * 2)
    assert cost.functions == pytest.approx(1000 * calls * (0.20e-6 + 0.5 * 0.1 * 0.0000133334))
    assert cost.tables == pytest.approx(1000 * (reads * 0.125e-6 + writes * 0.625e-6))
    assert cost.total == pytest.approx(cost.step_functions + cost.functions + cost.tables)
    assert cost.to_dict()["total"] == round(cost.total, 4)
