"""What the rules about loops find, and that they find nothing in loops that are well made."""

from __future__ import annotations

import pytest

from tests.builders import Json, branches, defined, step
from tests.graphs.simulating import loop
from ventuno.definition.checks import loops
from ventuno.definition.graph import Graph

ENTRIES = "$.steps[{}].settings.input.initialLoopStepIds"

FINE: dict[str, list[Json]] = {
    "a loop with what follows it": [
        step("a", then="each"),
        loop("each", "b", [1], then="after"),
        step("b", then="each"),
        step("after"),
    ],
    "a loop on the trigger": [loop("each", "b", [1]), step("b", then="each")],
    "several steps that start a pass": [
        loop("each", ["b", "c"], [1]),
        step("b", then="each"),
        step("c", then="each"),
    ],
    "a branch that leads straight back": [
        loop("each", "choose", [1]),
        step("choose", "IF_ELSE", given=branches("each", "b")),
        step("b", then="each"),
    ],
    "a branch that just ends": [
        loop("each", "choose", [1]),
        step("choose", "IF_ELSE", given=branches("each", "b")),
        step("b"),
    ],
    "a loop in a loop": [
        loop("outer", "inner", [1]),
        loop("inner", "b", [1], then="outer"),
        step("b", then="inner"),
    ],
}
WRONG: dict[str, tuple[list[Json], list[tuple[str, str]]]] = {
    "a loop without a body": (
        [loop("each", [], [1])],
        [("ITERATOR_MISSING_LOOP_BODY", ENTRIES.format(0))],
    ),
    "a body that never returns": (
        [loop("each", "b", [1]), step("b")],
        [("LOOP_BODY_NEVER_RETURNS", ENTRIES.format(0))],
    ),
    "a body that follows the loop too": (
        [loop("each", "b", [1], then="b"), step("b", then="each")],
        [("LOOP_BORDER_CROSSED", "$.steps[0].nextStepIds[0]")],
    ),
    "a step of the body entered from outside": (
        [
            step("a", then=["each", "b"]),
            loop("each", "b", [1]),
            step("b", then="each"),
        ],
        [("LOOP_BORDER_CROSSED", "$.steps[0].nextStepIds[1]")],
    ),
    "an inner body that returns to the outer loop": (
        [
            loop("outer", "inner", [1]),
            loop("inner", "b", [1], then="outer"),
            step("b", then=["inner", "outer"]),
        ],
        [("LOOP_BODIES_OVERLAP", ENTRIES.format(1))],
    ),
    "two loops that share their lists": (
        [
            step("a", then=["x", "y"]),
            loop("x", "b", [1]),
            loop("y", "b", [1]),
            step("b", then=["x", "y"]),
        ],
        [("LOOP_BODIES_OVERLAP", ENTRIES.format(2))],
    ),
    "two loops in each other": (
        [loop("x", "y", [1]), loop("y", "x", [1])],
        [("LOOP_BODIES_OVERLAP", ENTRIES.format(1))],
    ),
}
LOOP_CODES = {code for _, expected in WRONG.values() for code, _ in expected}


def found(steps: list[Json]) -> list[tuple[str, str]]:
    definition = defined(*steps, first=steps[0]["id"])
    graph = Graph(definition)
    return [
        (finding.code, finding.path)
        for rule in (loops.loop_bodies, loops.loop_borders)
        for finding in rule(definition, graph)
    ]


@pytest.mark.parametrize("case", FINE)
def test_a_loop_that_is_well_made_has_no_finding(case: str) -> None:
    assert found(FINE[case]) == []


@pytest.mark.parametrize("case", WRONG)
def test_a_loop_that_could_hang_is_found(case: str) -> None:
    steps, expected = WRONG[case]

    assert found(steps) == expected
