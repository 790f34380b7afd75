"""The figures of a machine: its longest path, counted by hand."""

from __future__ import annotations

import pytest

from tests.builders import Json, branches, create, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.figures import DEFINITION_LIMIT_BYTES

CASES: dict[str, tuple[list[Json], tuple[int, int, int]]] = {
    "one task": ([create()], (1, 1, 2 + 5)),
    "a task with three retries": ([create(retryOnFailure=3)], (5, 4, 2 + 5 + 3 * 3 + 2)),
    "two tasks": ([create("a", "b"), create("b")], (2, 2, 2 + 5 + 5)),
    "nothing but an end": ([step("a")], (1, 1, 2 + 2)),
    "a task and a filter": ([create("a", "f"), step("f", "FILTER")], (1, 1, 2 + 5)),
    "a filter between tasks": (
        [create("a", "f"), step("f", "FILTER", "b"), create("b")],
        (5, 3, 2 + 5 + 2 + 5),
    ),
    "the longer of two branches": (
        [
            step("i", "IF_ELSE", given=branches("a", "b")),
            create("a", "d"),
            create("b", "c"),
            create("c", "d"),
            create("d"),
        ],
        (6, 4, 2 + 2 + 3 * 5),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_states_transitions_and_events_of_the_longest_path(case: str) -> None:
    steps, expected = CASES[case]
    figures = compile_definition(defined(*steps), KINDS).figures

    assert (figures.states, figures.transitions, figures.history_events) == expected
    assert figures.to_dict()["transitions"] == figures.transitions
    assert figures.to_dict()["usd_per_1000_runs"] == pytest.approx(0.025 * figures.transitions)


def test_a_row_of_1_300_steps_fits_into_a_machine() -> None:
    steps = [create(f"step_{number}", f"step_{number + 1}") for number in range(1_300)]
    figures = compile_definition(defined(*steps, create("step_1300")), KINDS).figures

    assert figures.definition_bytes < DEFINITION_LIMIT_BYTES
