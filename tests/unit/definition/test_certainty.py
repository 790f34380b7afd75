"""What has certainly run before a step: judged by hand on small graphs, by the run rules on random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import branches, defined, step
from tests.graphs.cases import random_case
from tests.graphs.simulating import loop
from ventuno.definition.certainty import runs_before
from ventuno.definition.graph import Graph

if TYPE_CHECKING:
    from tests.builders import Json

RANDOM_CASES = 150
TRIGGER_FORK: list[Json] = [step("a", then="m"), step("b", then="m"), step("m")]

# name: steps, what the trigger starts, pairs (earlier, later) that are certain, pairs that are not
SHAPES: dict[str, tuple[list[Json], list[str], list[tuple[str, str]], list[tuple[str, str]]]] = {
    "both sides of a fork": (TRIGGER_FORK, ["a", "b"], [("a", "m"), ("b", "m")], [("a", "b"), ("m", "a")]),
    "behind a filter": (
        [step("f", "FILTER", "a"), step("a", then="m"), step("b", then="m"), step("m")],
        ["f", "b"],
        [("f", "m"), ("b", "m"), ("f", "a")],
        [("a", "m")],
    ),
    "of two branches": (
        [step("i", "IF_ELSE", given=branches("a", "b")), step("a", then="m"), step("b", then="m"), step("m")],
        ["i"],
        [("i", "m")],
        [("a", "m"), ("b", "m")],
    ),
    "a fork inside a loop": (
        [
            loop("each", ["a", "b"], [1], then="after"),
            step("a", then="m"),
            step("b", then="m"),
            step("m", then="each"),
            step("after"),
        ],
        ["each"],
        [("a", "m"), ("b", "m"), ("each", "after")],
        [("a", "after"), ("m", "after")],
    ),
    "a longer way beside a filter": (
        [step("f", "FILTER", "m"), step("a", then="b"), step("b", then="m"), step("m")],
        ["f", "a"],
        [("a", "m"), ("b", "m"), ("f", "m")],
        [],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_nothing_can_leave_out_is_certain(shape: str) -> None:
    steps, first, certain, uncertain = SHAPES[shape]
    authored = defined(*steps)
    trigger = authored.trigger.model_copy(update={"next_step_ids": tuple(first)})
    graph = Graph(authored.model_copy(update={"trigger": trigger}))

    assert [pair for pair in certain if not runs_before(graph, *pair)] == []
    assert [pair for pair in uncertain if runs_before(graph, *pair)] == []


@pytest.mark.parametrize("seed", range(RANDOM_CASES))
def test_what_is_certain_has_run_in_every_run_that_comes_so_far(seed: int) -> None:
    case = random_case(seed, 20)
    graph = Graph(case.model())
    run = case.interpreted()
    started = {step_id for step_id in run.order if not run.steps[step_id].get("error")}
    outside = [step_id for step_id in graph.nodes[1:] if step_id not in graph.loops.inner]

    wrong = [
        (earlier, later)
        for later in outside
        for earlier in outside
        if later in started and earlier not in run.order and runs_before(graph, earlier, later)
    ]

    assert wrong == []
