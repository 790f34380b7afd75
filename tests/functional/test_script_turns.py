"""Scripts beyond the limit of a minute wait for room, and are asked for again when others take it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import step
from ventuno import errors
from ventuno.runtime.run_step import run_step
from ventuno.runtime.script_turns import wait_for_turn
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.runtime.services import Services


def limited(world: World, most: int) -> Services:
    return replace(world.services, scripts_per_minute=most)


def test_a_script_beyond_the_limit_waits_until_the_first_of_the_minute_is_over(world: World) -> None:
    services = limited(world, 2)
    waited = [wait_for_turn(services)]
    world.clock.advance(15)
    waited += [wait_for_turn(services) for _ in range(3)]

    assert waited == pytest.approx([0, 0, 46, 15], abs=0.01)


def test_a_script_whose_room_somebody_else_took_waits_on_for_a_minute_in_all(world: World) -> None:
    services = limited(world, 2)
    wait_for_turn(services)
    world.clock.advance(15)
    wait_for_turn(services)
    others = iter([True, False])

    def pause(seconds: float) -> None:
        world.clock.advance(seconds)
        if next(others):
            wait_for_turn(services)

    assert wait_for_turn(replace(services, pause=pause)) == pytest.approx(61, abs=0.01)


def test_a_script_that_finds_the_next_minute_full_too_is_asked_for_again(world: World) -> None:
    services = limited(world, 1)
    wait_for_turn(services)

    def pause(seconds: float) -> None:
        world.clock.advance(seconds)
        wait_for_turn(services)  # somebody else is there first

    with pytest.raises(errors.StoreUnavailableError, match="1 scripts a minute"):
        wait_for_turn(replace(services, pause=pause))


def test_scripts_at_once_never_pass_the_limit_together(world: World) -> None:
    late: list[float] = []
    services = replace(limited(world, 5), pause=late.append)

    def asks(_: int) -> bool:
        try:
            wait_for_turn(services)
        except errors.StoreUnavailableError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(asks, range(12)))

    assert done.count(True) == 5


def test_without_a_limit_nothing_is_counted_and_nothing_waits(world: World) -> None:
    assert [wait_for_turn(world.services) for _ in range(3)] == [0.0] * 3


def test_a_step_that_waited_has_less_time_for_its_script(world: World) -> None:
    services = limited(world, 1)
    given = {"code": "x", "timeoutSeconds": 900}
    runs = [world.begin(step("a", "CODE", given=given))]
    runs.append(world.start({"name": "Acme"}).run)
    for run in runs:
        run_step(StepEvent(run=run.id, version=str(run.version), step="a"), services)
    first, second = (call.timeout_seconds for call in world.code.calls)  # type: ignore[attr-defined]

    assert (first, second) == (890.0, pytest.approx(829, abs=0.01))
