"""The batches of a long loop: together they take every item once, and items begin in their order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl_walker import evaluate
from tests.builders import create, defined
from tests.graphs.simulating import loop
from ventuno.actions.registry import KINDS
from ventuno.compiler.budget import batch_size
from ventuno.compiler.compile import compile_definition

COUNTS = (1, 2, 39, 40, 41, 2_857, 2_858, 5_713, 5_715, 8_571, 8_573, 120_001)


def cut(concurrency: int, count: int) -> list[list[int]]:
    """Return the items of each batch of a loop over so many items."""
    steps = loop("each", "a", "{{trigger.items}}", maxConcurrency=concurrency), create("a", "each")
    compiled = compile_definition(defined(*steps), KINDS)
    (node,) = compiled.plan.loops()
    state = next(state for name, state in compiled.machine["States"].items() if name.endswith("~batches"))
    child = next(iter(state["ItemProcessor"]["States"].values()))

    def evaluated(written: Any, given: Any, number: int = 0) -> Any:  # noqa: ANN401 - JSON
        context = {"Map": {"Item": {"Value": number}}, "Execution": {"Input": {"run": "r", "version": "v"}}}
        return evaluate(written, {"input": given, "context": context})

    found = []
    for number in listed(evaluated(state["Items"], {"answers": {"each": count}})):
        given = evaluated(state["ItemSelector"], {"answers": {"each": count}}, number)
        turns = given["last"] + 1
        assert 0 < turns <= batch_size(node)
        first, second = (int(evaluated(child["ItemSelector"], given, turn)["it"]) for turn in (0, 1))
        found.append([int(first + turn * (second - first)) for turn in range(int(turns))])
    return found


def listed(items: Any) -> list[int]:  # noqa: ANN401 - JSON; a range of one is a number
    return items if isinstance(items, list) else [items]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("concurrency", [1, 3, 40])
def test_batches_take_every_item_once(concurrency: int, count: int) -> None:
    batches = cut(concurrency, count)

    assert sorted(item for batch in batches for item in batch) == list(range(count))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("concurrency", [1, 3, 40])
def test_the_iterations_that_begin_first_are_those_of_the_first_items(concurrency: int, count: int) -> None:
    batches = cut(concurrency, count)[:concurrency]

    assert sorted(batch[0] for batch in batches) == list(range(min(concurrency, count)))
