"""The clock: which schedules there are, which of them count, and one run for each moment."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.memory.schedules import MemorySchedules
from ventuno.definition.loading import definition_from
from ventuno.execution_ports import SCHEDULED_TIME
from ventuno.runs.claim_check import check_out
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.schedules import Fired, MomentCame, moment_came

if TYPE_CHECKING:
    from ventuno.execution_ports import Schedule

NINE = "2026-03-02T09:00:00Z"


def at(pattern: str, zone: str | None = None, name: str = "Report") -> Json:
    settings = {"type": "CUSTOM", "pattern": pattern, "timeZone": zone}
    return written(step("a"), trigger={"type": "CRON", "settings": settings}, name=name)


def fire(world: World, schedule: Schedule, moment: str = NINE) -> Fired:
    """Send what Scheduler sends for a moment of a schedule."""
    sent = json.loads(schedule.payload.replace(SCHEDULED_TIME, moment))
    return moment_came(MomentCame.model_validate(sent), world.services)


def made(world: World) -> list[Schedule]:
    return list(world.schedules.by_name.values())


def runs(world: World) -> list[Any]:
    return list(world.runs.by_workflow(world.workflow().id, 200, None).runs)


def test_activation_makes_the_schedules_of_the_trigger(world: World) -> None:
    workflow = world.publish(at("0 9 1 * 1", "Europe/Rome"))
    first, second = made(world)

    assert [first.timing.expression, second.timing.expression] == [
        "cron(0 9 1 * ? *)",
        "cron(0 9 ? * MON *)",
    ]
    assert first.timing.time_zone == "Europe/Rome"
    assert workflow.active is not None
    assert workflow.active.schedules == (first.name, second.name)
    assert all(len(schedule.name) <= 64 for schedule in (first, second))


def test_other_triggers_have_no_schedule(world: World) -> None:
    world.publish(written(create()))

    assert made(world) == []


def test_a_moment_starts_one_run_with_an_empty_payload(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (schedule,) = made(world)

    assert fire(world, schedule) is Fired.STARTED
    (run,) = runs(world)
    assert check_out(run.payload, world.payloads) == {}
    assert (run.created_by["source"], run.created_by["name"]) == ("WORKFLOW", "Report")


def test_a_moment_delivered_five_times_at_once_starts_one_run(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (schedule,) = made(world)
    with ThreadPoolExecutor(5) as pool:
        done = list(pool.map(lambda _: fire(world, schedule), range(5)))

    assert sorted(done) == [*["known"] * 4, "started"]
    assert len(runs(world)) == len(world.machines.started) == 1


def test_a_day_that_meets_both_day_fields_starts_one_run(world: World) -> None:
    world.publish(at("0 9 2 * 1"))

    assert [fire(world, schedule) for schedule in made(world)] == [Fired.STARTED, Fired.KNOWN]


def test_each_moment_has_a_run_of_its_own(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (schedule,) = made(world)
    for day in (2, 3, 4):
        fire(world, schedule, f"2026-03-0{day}T09:00:00Z")

    assert len(runs(world)) == 3


def test_a_new_version_takes_over_and_the_old_schedules_go(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (old,) = made(world)
    world.publish(at("0 10 * * *", name="Later"))
    (new,) = made(world)

    assert new.timing.expression == "cron(0 10 * * ? *)"
    assert fire(world, old) is Fired.DELETED
    assert fire(world, new) is Fired.STARTED


def test_the_same_moment_of_two_versions_is_one_run(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (old,) = made(world)
    fire(world, old)
    world.publish(at("0 9 * * *", name="Later"))
    (new,) = made(world)

    assert fire(world, new) is Fired.KNOWN


def test_deactivation_deletes_the_schedules_and_activation_makes_others(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (old,) = made(world)
    deactivate(world.workflow(), world.services)
    assert made(world) == []

    activate(world.workflow(), world.services)
    (new,) = made(world)
    assert new.name != old.name
    assert fire(world, old) is Fired.DELETED
    assert made(world) == [new]
    assert fire(world, new) is Fired.STARTED


def test_a_schedule_goes_on_while_a_draft_is_written(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (schedule,) = made(world)
    apply_definition("flow", definition_from(at("0 10 * * *", name="Later")), world.services)

    assert fire(world, schedule) is Fired.STARTED


class Dying(MemorySchedules):
    """Schedules of a process that dies, or is refused, when it comes to one of its calls."""

    error: BaseException | None = None
    at = ""

    def create(self, schedule: Schedule) -> None:
        super().create(schedule)
        self._die("create")

    def delete(self, name: str) -> None:
        self._die("delete")
        super().delete(name)

    def _die(self, call: str) -> None:
        if self.at == call and self.error is not None:
            raise self.error


def dying(call: str, error: BaseException) -> tuple[World, Dying]:
    schedules = Dying()
    world = World(schedules=schedules)
    schedules.at, schedules.error = call, error
    return world, schedules


def test_a_crash_before_the_switch_leaves_schedules_that_start_nothing_until_it_is_made() -> None:
    world, schedules = dying("create", SystemExit("killed"))
    with pytest.raises(SystemExit):
        world.publish(at("0 9 * * *"))
    (schedule,) = made(world)

    assert fire(world, schedule) is Fired.EARLY
    assert made(world) == [schedule]

    schedules.error = None
    activate(world.workflow(), world.services)
    assert made(world) == [schedule]
    assert fire(world, schedule) is Fired.STARTED


def test_a_schedule_of_an_activation_that_was_overtaken_deletes_itself() -> None:
    world, schedules = dying("create", SystemExit("killed"))
    with pytest.raises(SystemExit):
        world.publish(at("0 9 * * *"))
    (left,) = made(world)
    schedules.error = None
    world.publish(at("0 10 * * *", name="Later"))

    assert len(made(world)) == 2
    assert fire(world, left) is Fired.DELETED
    assert [schedule.timing.expression for schedule in made(world)] == ["cron(0 10 * * ? *)"]


@pytest.mark.parametrize("error", [SystemExit("killed"), errors.StoreUnavailableError("throttled")])
def test_a_schedule_left_behind_a_switch_starts_nothing_and_deletes_itself(error: BaseException) -> None:
    world, schedules = dying("delete", error)
    world.publish(at("0 9 * * *"))
    (old,) = made(world)
    try:
        deactivate(world.workflow(), world.services)
    except SystemExit:
        assert isinstance(error, SystemExit)
    assert world.workflow().active is None
    assert made(world) == [old]

    schedules.error = None
    assert fire(world, old) is Fired.DELETED
    assert made(world) == []
    assert runs(world) == []


def test_a_schedule_of_a_workflow_that_is_gone_deletes_itself(world: World) -> None:
    world.publish(at("0 9 * * *"))
    (schedule,) = made(world)
    lost = replace(schedule, payload=schedule.payload.replace(world.workflow().id, "gone"))
    world.schedules.by_name = {lost.name.replace(world.workflow().id, "gone"): lost}

    assert fire(world, lost) is Fired.DELETED
    assert made(world) == []
