"""Another address in place of a webhook's: at once, or with a time in which both are good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.builders import create, written
from ventuno import errors
from ventuno.runtime.hook_address import hook_path, rotate_address
from ventuno.runtime.webhook import WebhookCall, accept_webhook
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from tests.fakes.world import World

NOTHING, DAY = timedelta(), timedelta(days=1)


def path(world: World) -> str:
    return hook_path(world.workflow(), "default")


def rotated(world: World, grace: timedelta) -> str:
    return hook_path(rotate_address(world.workflow(), grace, world.services), "default")


def status(world: World, address: str, **headers: str) -> int:
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return accept_webhook(WebhookCall("POST", address, named, {}, b"{}"), world.services).status
    except errors.ApiError as error:
        return error.status


def test_the_first_address_ends_in_the_workflows_id(world: World) -> None:
    workflow = world.publish(written(create()))

    assert path(world) == f"/webhooks/workflows/default/{workflow.id}"
    assert status(world, path(world)) == 201


def test_the_old_address_is_refused_at_once(world: World) -> None:
    world.publish(written(create()))
    first = path(world)
    second = rotated(world, NOTHING)
    third = rotated(world, NOTHING)

    assert len({first, second, third}) == 3
    assert [status(world, each) for each in (first, second, third)] == [404, 404, 201]


def test_old_addresses_are_good_as_long_as_they_were_given(world: World) -> None:
    world.publish(written(create()))
    first = path(world)
    second = rotated(world, 2 * DAY)
    world.clock.advance(DAY.total_seconds() / 2)
    third = rotated(world, DAY)
    seen = []
    for _ in range(4):
        seen.append([status(world, each) for each in (first, second, third)])
        world.clock.advance(DAY.total_seconds())

    assert seen == [[201, 201, 201], [201, 404, 201], [404, 404, 201], [404, 404, 201]]


def test_no_grace_ends_all_earlier_addresses(world: World) -> None:
    world.publish(written(create()))
    first = path(world)
    second = rotated(world, DAY)
    third = rotated(world, NOTHING)

    assert [status(world, each) for each in (first, second, third)] == [404, 404, 201]


def test_a_secret_that_is_wrong_in_any_way_is_no_address(world: World) -> None:
    workflow = world.publish(written(create()))
    good = rotated(world, NOTHING)
    wrong = (
        good[:-1],
        good + "x",
        f"{good}.",
        f"/webhooks/workflows/default/{workflow.id}.",
        good.upper(),
        "é",
    )

    assert [status(world, each) for each in wrong] == [404] * len(wrong)


def test_an_event_that_came_to_the_old_address_is_the_same_event_at_the_new_one(world: World) -> None:
    world.publish(written(create()))
    first = path(world)
    status(world, first, webhook_id="m1")
    second = rotated(world, DAY)
    status(world, second, webhook_id="m1")

    assert len(world.machines.started) == 1


def test_an_address_survives_a_new_version(world: World) -> None:
    world.publish(written(create()))
    second = rotated(world, NOTHING)
    world.publish(written(create(), name="Other"))

    assert (path(world), status(world, second)) == (second, 201)


@pytest.mark.parametrize("grace", [timedelta(seconds=-1), timedelta(days=31)])
def test_a_grace_has_bounds(world: World, grace: timedelta) -> None:
    world.publish(written(create()))

    with pytest.raises(errors.BadRequestError, match="30 days"):
        rotated(world, grace)


def test_who_calls_too_often_is_told_429_and_the_run_is_there(world: World) -> None:
    workflow = world.publish(written(create()))
    world.workflows.save(replace(workflow, limits=Limits(per_hour=1)), [])
    codes = [status(world, path(world), webhook_id=each) for each in ("a", "b", "b", "a")]

    assert codes == [201, 429, 429, 201]
    runs = world.runs.by_workflow(workflow.id, 9, None).runs
    assert sorted(run.refused for run in runs) == [False, True]


def test_a_wrong_setup_of_step_functions_loses_no_call(world: World) -> None:
    world.publish(written(create()))
    world.machines.refusal = errors.ConfigurationError("AccessDenied")

    assert status(world, path(world)) == 201
