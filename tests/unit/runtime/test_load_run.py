"""Reading a run: as much of its loops as is asked for, and what stands out in any case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import create, step, written
from tests.graphs.cases import Case
from tests.graphs.running import ran
from tests.graphs.simulating import loop
from ventuno.runtime.load_run import load_run

STEPS = (
    loop("each", "f", "{{trigger.items}}", "after"),
    step("f", "EMPTY", "work"),
    create("work", "each"),
    create("after"),
)


def case(count: int, **outcomes: Any) -> Case:  # noqa: ANN401 - outcomes
    return Case(written(*STEPS), {"items": list(range(count))}, outcomes)


@pytest.mark.parametrize("count", [3, 300])
def test_what_stands_out_of_a_loop_costs_the_same_however_long_it_is(count: int) -> None:
    running = ran(case(count))
    whole = load_run(running.run.id, running.services, most=0)

    assert len(whole.loaded.states) == 3
    assert whole.rebuilt.statuses() == dict.fromkeys(("each", "f", "work", "after"), "SUCCESS")


def test_an_iteration_that_failed_stands_out() -> None:
    running = ran(case(300, work=[{"result": {}}] * 7 + [{"error": "no"}]))
    whole = load_run(running.run.id, running.services, most=0)

    assert whole.rebuilt.root.told("work")[1] == {
        "status": "FAILED",
        "error": "no",
        "startedAt": "2026-01-01T00:00:00.000Z",
        "endedAt": "2026-01-01T00:00:00.000Z",
    }
    assert whole.rebuilt.root.told("each")[1]["result"] is not None
