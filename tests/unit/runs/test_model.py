"""What is stored of a run: references as text, names of executions, and riders under their own ids."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.one_run import RUN
from ventuno.engine.statuses import StepStatus
from ventuno.runs.cursor import sort_key_from, to_cursor
from ventuno.runs.model import LoadedRun, StepState, VersionRef
from ventuno.runs.places import Place


@pytest.mark.parametrize("ref", [VersionRef("w", 1), VersionRef("a:v2", 31)])
def test_a_version_reference_comes_back_from_its_text(ref: VersionRef) -> None:
    assert VersionRef.parse(str(ref)) == ref


@pytest.mark.parametrize("text", ["", "w", "w:v", "w:vx"])
def test_a_text_that_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        VersionRef.parse(text)


def test_every_attempt_has_an_execution_name_of_its_own() -> None:
    names = [replace(RUN, attempt=attempt).execution_name for attempt in range(3)]

    assert names == ["run-1", "run-1-r1", "run-1-r2"]


def test_riders_stand_beside_their_hosts_and_iterations_do_not() -> None:
    states = (
        StepState("a", StepStatus.SUCCESS, riders=(StepState("f", StepStatus.STOPPED),)),
        StepState("b", StepStatus.SUCCESS, iteration="0"),
    )
    run = replace(RUN, start_riders=(StepState("i", StepStatus.SUCCESS, branch=0),))

    assert set(LoadedRun(run, states).by_place) == {Place("a"), Place("f"), Place("i"), Place("b", "0")}


@pytest.mark.parametrize("status", StepStatus)
def test_a_step_is_open_while_it_waits_to_be_called_again(status: StepStatus) -> None:
    state = StepState("a", status, waiting_for={"type": "RETRY"})

    assert state.open is (status in (StepStatus.PENDING, StepStatus.NOT_STARTED))


def test_a_step_that_waits_for_an_instant_is_not_called_again() -> None:
    assert not StepState("a", StepStatus.PENDING, waiting_for={"type": "DELAY", "until": "then"}).open


def test_a_cursor_comes_back_as_its_sort_key_and_run() -> None:
    key = "2026-03-01T12:00:00.000Z#8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"

    assert sort_key_from(to_cursor(key)) == (key, "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121")
