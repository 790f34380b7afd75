"""The graph: edges and their branches, order, and what stands before what, judged by brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import branches, defined, step
from ventuno.definition.graph import Graph
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from ventuno.definition.model import Definition


def parents(graph: Graph, node: str) -> list[str]:
    return [edge.source for edge in graph.into(node)]


def test_a_step_is_a_parent_of_what_its_next_step_ids_name() -> None:
    graph = Graph(defined(step("a", then="b"), step("b")))

    assert parents(graph, "b") == ["a"]
    assert graph.children("a") == ["b"]


def test_an_if_else_is_a_parent_of_the_steps_on_its_branches_by_index() -> None:
    graph = Graph(defined(step("i", "IF_ELSE", given=branches("a", "b")), step("a"), step("b")))

    assert [(edge.target, edge.branch) for edge in graph.out("i")] == [("a", 0), ("b", 1)]
    assert graph.children("i", 1) == ["b"]


def test_the_next_step_ids_of_an_if_else_count_for_nothing() -> None:
    graph = Graph(defined(step("i", "IF_ELSE", "c", branches("a", "a")), step("a"), step("c")))

    assert parents(graph, "c") == []


def test_a_plain_step_and_a_branch_are_both_parents() -> None:
    graph = Graph(
        defined(step("i", "IF_ELSE", given=branches("a", "end")), step("a", then="end"), step("end"))
    )

    assert sorted(parents(graph, "end")) == ["a", "i"]


def test_the_outer_if_else_is_the_only_parent_of_one_on_its_else_branch() -> None:
    graph = Graph(
        defined(
            step("outer", "IF_ELSE", given=branches("a", "inner")),
            step("inner", "IF_ELSE", given=branches("b", "c")),
            *(step(name) for name in "abc"),
        )
    )

    assert parents(graph, "inner") == ["outer"]


def test_an_edge_knows_where_it_was_written() -> None:
    graph = Graph(defined(step("a", then="i"), step("i", "IF_ELSE", given=branches("b", "b")), step("b")))

    assert [edge.path for edge in graph.edges] == [
        "$.trigger.nextStepIds[0]",
        "$.steps[0].nextStepIds[0]",
        "$.steps[1].settings.input.branches[0].nextStepIds[0]",
        "$.steps[1].settings.input.branches[1].nextStepIds[0]",
    ]


def test_steps_on_and_after_a_circle_have_no_place_in_the_order() -> None:
    graph = Graph(
        defined(step("a", then="b"), step("b", "IF_ELSE", given=branches("a", "c")), step("c"), first="a")
    )

    assert graph.order == (TRIGGER,)


@st.composite
def acyclic(draw: st.DrawFn) -> Definition:
    """Draw a graph whose links lead to later steps only; some steps may be unreachable."""
    count = draw(st.integers(1, 8))
    names = [f"s{index}" for index in range(count)]
    steps = [
        step(name, then=draw(st.lists(st.sampled_from(names[index + 1 :]), unique=True)))
        if index < count - 1
        else step(name)
        for index, name in enumerate(names)
    ]
    return defined(*steps)


@given(definition=acyclic())
def test_the_order_puts_every_step_after_its_parents(definition: Definition) -> None:
    graph = Graph(definition)
    position = {node: index for index, node in enumerate(graph.order)}

    assert set(graph.order) == set(graph.nodes)
    assert all(position[edge.source] < position[edge.target] for edge in graph.edges)


@settings(max_examples=200)
@given(definition=acyclic())
def test_what_stands_before_a_step_is_what_no_path_avoids(definition: Definition) -> None:
    graph = Graph(definition)

    for upper in graph.nodes:
        avoiding = _reachable_without(graph, upper)
        for node in graph.nodes:
            expected = node in graph.reachable and node not in avoiding and node != upper

            assert graph.dominators.before(upper, node) is expected, (upper, node)


def _reachable_without(graph: Graph, closed: str) -> set[str]:
    seen: set[str] = set()
    todo = [] if closed == TRIGGER else [TRIGGER]
    while todo:
        node = todo.pop()
        if node not in seen and node != closed:
            seen.add(node)
            todo += [edge.target for edge in graph.out(node)]
    return seen
