"""What follows from the stored steps, on graphs written by hand and on random ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import Json, branches, defined, step
from tests.settling import settle
from ventuno.definition.graph import Graph
from ventuno.definition.model import TRIGGER
from ventuno.engine.reached import Reached
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.settling import Settled

S = StepStatus
FINAL = {S.SUCCESS, S.STOPPED, S.SKIPPED, S.FAILED, S.FAILED_SAFELY}


def statuses(settled: Settled) -> dict[str, str]:
    return {name: status.value for name, status in settled.statuses.items()}


def test_the_first_step_may_start_at_once() -> None:
    settled = settle(Graph(defined(step("a", then="b"), step("b"))), {})

    assert settled.ready == ("a",)
    assert statuses(settled) == {"a": "NOT_STARTED", "b": "NOT_STARTED"}


def test_everything_behind_a_false_filter_is_skipped() -> None:
    graph = Graph(defined(step("f", "FILTER", "a"), step("a", then="b"), step("b")))
    settled = settle(graph, {"f": Reached(S.STOPPED)})

    assert settled.ready == ()
    assert statuses(settled) == {"f": "STOPPED", "a": "SKIPPED", "b": "SKIPPED"}


def test_the_branch_not_taken_is_skipped_and_the_merge_runs() -> None:
    graph = Graph(
        defined(
            step("i", "IF_ELSE", given=branches("a", "b")),
            step("a", then="end"),
            step("b", then="end"),
            step("end"),
        )
    )
    settled = settle(graph, {"i": Reached(S.SUCCESS, branch=1), "b": Reached(S.SUCCESS)})

    assert settled.ready == ("end",)
    assert statuses(settled) == {"i": "SUCCESS", "a": "SKIPPED", "b": "SUCCESS", "end": "NOT_STARTED"}


def test_a_branch_that_leads_straight_to_the_merge_runs_it_although_the_reference_skipped_it() -> None:
    graph = Graph(
        defined(step("i", "IF_ELSE", given=branches("a", "end")), step("a", then="end"), step("end"))
    )

    assert settle(graph, {"i": Reached(S.SUCCESS, branch=1)}).ready == ("end",)


def test_two_branches_to_one_step_run_it_whichever_is_taken() -> None:
    graph = Graph(defined(step("i", "IF_ELSE", given=branches("a", "a")), step("a")))

    assert settle(graph, {"i": Reached(S.SUCCESS, branch=0)}).ready == ("a",)
    assert settle(graph, {"i": Reached(S.SUCCESS, branch=1)}).ready == ("a",)


def test_children_of_a_step_with_continue_on_failure_run_as_decisions_say() -> None:
    graph = Graph(defined(step("a", then="b"), step("b")))

    assert settle(graph, {"a": Reached(S.FAILED_SAFELY, rescued=True)}).ready == ("b",)


def test_children_of_a_step_that_failed_safely_with_others_fail_safely_too() -> None:
    graph = Graph(defined(step("a", then="b"), step("b", then="c"), step("c")))
    settled = settle(graph, {"a": Reached(S.FAILED_SAFELY)})

    assert statuses(settled) == dict.fromkeys("abc", "FAILED_SAFELY")


def test_nothing_below_a_failed_step_starts() -> None:
    graph = Graph(defined(step("a", then="b"), step("b", then="c"), step("c")))
    settled = settle(graph, {"a": Reached(S.FAILED)})

    assert settled.ready == ()
    assert statuses(settled) == {"a": "FAILED", "b": "NOT_STARTED", "c": "NOT_STARTED"}


def test_a_step_nothing_leads_to_never_starts() -> None:
    settled = settle(Graph(defined(step("a"), step("lost"))), {"a": Reached(S.SUCCESS)})

    assert settled.ready == ()
    assert settled.statuses["lost"] is S.NOT_STARTED


@dataclass(frozen=True)
class Drawn:
    """A random graph with forks, joins and branches, and what each step would come to."""

    graph: Graph
    outcomes: dict[str, Reached]
    order: Sequence[int]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    count = draw(st.integers(1, 9))
    names = [f"s{index}" for index in range(count)]
    steps: list[Json] = []
    outcomes: dict[str, Reached] = {}
    for index, name in enumerate(names):
        later = names[index + 1 :]
        chooses = draw(st.booleans())
        if later and chooses:
            targets = draw(st.lists(st.sampled_from([*later, None]), min_size=1, max_size=3))
            steps.append(step(name, "IF_ELSE", given=branches(*targets)))
            outcomes[name] = Reached(S.SUCCESS, branch=draw(st.integers(0, len(targets) - 1)))
        else:
            then = draw(st.lists(st.sampled_from(later), unique=True, max_size=3)) if later else []
            steps.append(step(name, then=then))
            outcomes[name] = draw(
                st.sampled_from(
                    [
                        Reached(S.SUCCESS),
                        Reached(S.STOPPED),
                        Reached(S.FAILED),
                        Reached(S.FAILED_SAFELY, None, rescued=True),
                    ]
                )
            )
    first = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    definition = defined(*steps)
    graph = Graph(
        definition.model_copy(
            update={"trigger": definition.trigger.model_copy(update={"next_step_ids": tuple(first)})}
        )
    )
    return Drawn(graph, outcomes, draw(st.lists(st.integers(0, 8), min_size=count, max_size=count)))


def run(drawn_graph: Drawn, picks: Sequence[int]) -> tuple[list[str], Settled]:
    """Execute ready steps one by one, in the order of the picks, until none is left."""
    reached: dict[str, Reached] = {}
    order: list[str] = []
    while (settled := settle(drawn_graph.graph, reached)).ready:
        chosen = settled.ready[picks[len(order)] % len(settled.ready)]
        order.append(chosen)
        reached[chosen] = drawn_graph.outcomes[chosen]
    return order, settled


@settings(max_examples=200)
@given(case=drawn())
def test_every_step_starts_at_most_once_and_only_when_its_parents_ended(case: Drawn) -> None:
    order, settled = run(case, case.order)

    assert len(order) == len(set(order))
    for index, name in enumerate(order):
        before = set(order[:index])
        for edge in case.graph.into(name):
            ended = edge.source == TRIGGER or edge.source in before
            assert ended or settled.statuses[edge.source] is S.SKIPPED


@settings(max_examples=200)
@given(case=drawn())
def test_the_order_in_which_ready_steps_run_changes_nothing(case: Drawn) -> None:
    order, settled = run(case, case.order)
    first, in_order = run(case, [0] * len(case.order))

    assert settled.statuses == in_order.statuses
    assert set(order) == set(first)


@settings(max_examples=200)
@given(case=drawn())
def test_a_final_status_never_changes_again(case: Drawn) -> None:
    order, _ = run(case, case.order)
    seen: dict[str, StepStatus] = {}
    for index in range(len(order) + 1):
        settled = settle(case.graph, {name: case.outcomes[name] for name in order[:index]})

        assert {name: settled.statuses[name] for name in seen} == seen
        seen |= {name: status for name, status in settled.statuses.items() if status in FINAL}


@settings(max_examples=200)
@given(case=drawn())
def test_a_run_hangs_only_behind_a_failure(case: Drawn) -> None:
    _, settled = run(case, case.order)
    failed = [name for name, status in settled.statuses.items() if status is S.FAILED]
    behind = {name for start in failed for name in case.graph.reachable_from(start)}
    unreachable = {
        name
        for lost in set(case.graph.nodes) - case.graph.reachable
        for name in case.graph.reachable_from(lost)
    }
    hanging = {name for name, status in settled.statuses.items() if status not in FINAL}

    assert hanging <= behind | unreachable
