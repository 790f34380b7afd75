"""The product itself does what the run rules do: compiled machines, real use cases, stores in memory."""

from __future__ import annotations

import json

import pytest

from tests.graphs.cases import Case, random_case
from tests.graphs.comparing import differences
from tests.graphs.proving import beyond_the_compiler
from tests.graphs.running import Running
from tests.graphs.shrinking import shrink

CHUNK = 50


def disagreements(case: Case) -> list[str]:
    """List where a run of the product is not told as the interpreter tells it."""
    model = case.model()
    running = Running(case)
    running.simulate()
    unhurried = None
    if model.fail_fast:
        patient = {key: value for key, value in case.definition.items() if key != "failFast"}
        unhurried = Case(patient, case.payload, case.outcomes).interpreted()
    return differences(case.interpreted(), running.simulated(), model, unhurried)


@pytest.mark.parametrize(
    ("start", "most"), [*((start, 10) for start in range(0, 600, CHUNK)), (1_000, 40), (1_050, 40)]
)
def test_runs_of_random_graphs_are_told_as_the_run_rules_tell_them(start: int, most: int) -> None:
    proven = 0
    for seed in range(start, start + CHUNK):
        case = random_case(seed, most)
        if beyond_the_compiler(case):
            continue
        proven += 1
        if disagreements(case):
            small = shrink(case, lambda one: bool(disagreements(one)))
            raise AssertionError(f"seed {seed}\n{json.dumps(small.to_json())}\n{disagreements(small)}")

    assert proven >= CHUNK / 3
