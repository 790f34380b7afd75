"""The usual machine of a definition, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import branches, create, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.comparison import Usual, one_task_per_step

CASES: dict[str, tuple[list[Any], Usual]] = {
    "a task each": ([create("a", "b"), create("b")], Usual(transitions=2, calls=2)),
    "a filter is a task and a choice": (
        [step("f", "FILTER", ["a"], given={"stepFilters": []}), create("a")],
        Usual(transitions=3, calls=2),
    ),
    "an empty step calls nothing": ([step("e", "EMPTY", ["a"]), create("a")], Usual(transitions=2, calls=1)),
    "only the branch with the most steps": (
        [
            step("i", "IF_ELSE", given=branches("a", "b")),
            create("a"),
            create("b", "c"),
            create("c"),
        ],
        Usual(transitions=4, calls=3),
    ),
    "several next steps are a parallel": (
        [create("a", ["b", "c"]), create("b"), create("c")],
        Usual(transitions=4, calls=3),
    ),
    "a loop is a map and its body once": (
        [
            step("loop", "ITERATOR", given={"items": "{{trigger.all}}", "initialLoopStepIds": ["x"]}),
            create("x", "loop"),
        ],
        Usual(transitions=2, calls=1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_usual_machine_has_a_task_for_each_step(case: str) -> None:
    steps, expected = CASES[case]

    assert one_task_per_step(defined(*steps), KINDS) == expected
