"""The rules of reference §4.3 and §4.7, row by row; where decisions differ, the test's name says so."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from ventuno.engine.rules import Decision, decide, run_status
from ventuno.engine.statuses import RunStatus, StepStatus

S = StepStatus
OPEN = (S.RUNNING, S.PENDING, S.NOT_STARTED)


@pytest.mark.parametrize(
    ("parents", "decision"),
    [
        ((), Decision.EXECUTE),
        ((S.SUCCESS, S.SUCCESS), Decision.EXECUTE),
        ((S.SUCCESS, S.STOPPED), Decision.EXECUTE),
        ((S.SUCCESS, S.SKIPPED), Decision.EXECUTE),
        ((S.SUCCESS, S.STOPPED, S.SKIPPED), Decision.EXECUTE),
        ((S.STOPPED,), Decision.SKIP),
        ((S.SKIPPED,), Decision.SKIP),
        ((S.STOPPED, S.SKIPPED), Decision.SKIP),
        ((S.SUCCESS, S.FAILED_SAFELY), Decision.FAIL_SAFELY),
        ((S.FAILED_SAFELY,), Decision.FAIL_SAFELY),
        ((S.FAILED_SAFELY, S.STOPPED), Decision.FAIL_SAFELY),
        ((S.FAILED_SAFELY, S.SKIPPED, S.SUCCESS), Decision.FAIL_SAFELY),
    ],
)
def test_ended_parents_decide(parents: tuple[StepStatus, ...], decision: Decision) -> None:
    assert decide(parents) is decision


@pytest.mark.parametrize("held_up", [*OPEN, S.FAILED])
@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_step_waits_while_any_parent_is_open_or_failed(held_up: StepStatus, size: int) -> None:
    ended = (S.SUCCESS, S.STOPPED, S.SKIPPED, S.FAILED_SAFELY)

    for others in combinations_with_replacement(ended, size):
        assert decide((*others, held_up)) is Decision.WAIT


def test_order_and_number_of_parents_do_not_matter() -> None:
    parents = [S.SKIPPED] * 24 + [S.SUCCESS]

    assert decide(parents) is decide(parents[::-1]) is Decision.EXECUTE


@pytest.mark.parametrize(
    ("steps", "runnable", "status"),
    [
        ([], False, RunStatus.COMPLETED),
        ([S.SUCCESS, S.SUCCESS], False, RunStatus.COMPLETED),
        ([S.STOPPED, S.SKIPPED], False, RunStatus.COMPLETED),
        ([S.FAILED_SAFELY], False, RunStatus.COMPLETED),
        ([S.SUCCESS, S.NOT_STARTED], False, RunStatus.COMPLETED),
        ([S.SUCCESS, S.NOT_STARTED], True, RunStatus.RUNNING),
        ([S.SUCCESS, S.PENDING], False, RunStatus.RUNNING),
        ([S.SUCCESS, S.RUNNING], False, RunStatus.RUNNING),
        ([S.FAILED, S.NOT_STARTED], False, RunStatus.FAILED),
        ([S.FAILED, S.PENDING], True, RunStatus.FAILED),
    ],
)
def test_the_status_of_a_running_run_follows_from_its_steps(
    steps: list[StepStatus], *, runnable: bool, status: RunStatus
) -> None:
    assert run_status(RunStatus.RUNNING, steps, runnable=runnable) is status


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([S.RUNNING], RunStatus.STOPPING),
        ([S.RUNNING, S.FAILED], RunStatus.STOPPING),
        ([S.PENDING], RunStatus.STOPPED),
        ([S.SUCCESS, S.FAILED], RunStatus.STOPPED),
    ],
)
def test_a_stop_waits_for_running_steps_only_and_ends_in_stopped(
    steps: list[StepStatus], status: RunStatus
) -> None:
    assert run_status(RunStatus.STOPPING, steps, runnable=True) is status


@pytest.mark.parametrize("status", RunStatus)
def test_three_statuses_end_a_run(status: RunStatus) -> None:
    assert status.ended is (status.value in ("COMPLETED", "FAILED", "STOPPED"))
