"""Branches and iterations of the emulator: what starts, and what does not after a failure."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from ventuno_dev.emulator.branches import run_together

TRIES = 50  # the second job would start within microseconds of the first one's failure


def fail() -> None:
    raise ValueError("the first one")


def test_results_come_in_the_order_of_the_jobs() -> None:
    assert run_together([partial(int, value) for value in range(20)], 3) == list(range(20))


def test_nothing_starts_after_a_failure_when_one_runs_at_a_time() -> None:
    started: list[int] = []
    for number in range(TRIES):
        with pytest.raises(ValueError, match="the first one"):
            run_together([fail, partial(started.append, number)], 1)
    for thread in threading.enumerate():
        if thread.name == "ventuno-branch":
            thread.join()

    assert started == []
