"""Calls of the longest path, and what a thousand runs cost, added up by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, create, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.budget import batch_size, inline_limit
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.cost import cost_of
from ventuno.compiler.work import RunWork, work_of

if TYPE_CHECKING:
    from ventuno.compiler.plan import Plan

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


def looping(items: Any, *inside: Any) -> Plan:  # noqa: ANN401 - author JSON
    """Plan a call, a loop over items, and in it some steps."""
    loop = step("loop", "ITERATOR", given={"items": items, "initialLoopStepIds": [inside[0]["id"]]})
    return compile_definition(defined(create("a", "loop"), loop, *inside), KINDS).plan


@pytest.mark.parametrize(("items", "work"), [(0, (3, 1)), (1, (5, 3)), (7, (17, 15))])
def test_every_item_of_a_loop_is_work_beside_the_map_and_the_choice_before_it(
    items: int, work: tuple[int, int]
) -> None:
    plan = looping("{{trigger.all}}", create("x", "y"), create("y", "loop"))

    assert work_of(plan, items) == RunWork(*work)


def test_a_list_that_is_written_down_has_its_own_length() -> None:
    plan = looping([1, 2, 3], create("x", "loop"))

    assert work_of(plan, 50) == RunWork(transitions=2 + 3, calls=1 + 3)


def test_loops_in_loops_multiply() -> None:
    inner = {"items": "{{trigger.all}}", "initialLoopStepIds": ["y"]}
    plan = looping(
        "{{trigger.all}}", create("x", "in"), step("in", "ITERATOR", "loop", inner), create("y", "in")
    )

    assert work_of(plan, 4).calls == 1 + 4 * (1 + 4)


def test_a_long_list_costs_two_states_more_for_each_batch() -> None:
    plan = looping("{{trigger.all}}", create("x", "loop"))
    (loop,) = plan.loops()
    limit, size = inline_limit(loop), batch_size(loop)
    items = 3 * size + 1

    assert work_of(plan, limit).transitions == 3 + limit
    assert work_of(plan, items).transitions == 3 + items + 2 * 4


def test_a_thousand_runs_of_two_steps_cost_what_their_parts_cost() -> None:
    figures = compile_definition(defined(create("a", "b"), create("b")), KINDS).figures
    cost = cost_of(figures)
    calls, reads, writes = 2 + 2, 2 * 1 + 1, 2 * 2 + 4

    assert cost.step_functions == pytest.approx(0.025 * 2)
    assert cost.functions == pytest.approx(1000 * calls * (0.20e-6 + 0.5 * 0.1 * 0.0000133334))
    assert cost.tables == pytest.approx(1000 * (reads * 0.125e-6 + writes * 0.625e-6))
    assert cost.total == pytest.approx(cost.step_functions + cost.functions + cost.tables)
    assert cost.to_dict()["total"] == round(cost.total, 4)
