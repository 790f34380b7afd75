"""Schedules: creating and deleting may be repeated, on every adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.execution_ports import SCHEDULED_TIME, Schedule
from ventuno.schedules.scheduler_form import Timing

if TYPE_CHECKING:
    from ventuno.execution_ports import Schedules

NINE = Schedule("a-r1-1", Timing("cron(0 9 * * ? *)", "Europe/Rome"), f'{{"at":"{SCHEDULED_TIME}"}}')


def test_a_schedule_may_be_created_and_deleted_again_and_again(schedules: Schedules) -> None:
    for _ in range(2):
        schedules.create(NINE)
        schedules.create(NINE)
        schedules.delete(NINE.name)
        schedules.delete(NINE.name)


def test_deleting_one_schedule_leaves_the_others(schedules: Schedules) -> None:
    other = Schedule("a-r2-1", NINE.timing, NINE.payload)
    schedules.create(NINE)
    schedules.create(other)
    schedules.delete(NINE.name)
    schedules.delete(other.name)
