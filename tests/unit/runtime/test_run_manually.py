"""Runs by hand: what a manual trigger gets, and that other triggers get the payload as it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, written
from ventuno import errors
from ventuno.runs.claim_check import check_out
from ventuno.runtime.run_manually import run_manually

if TYPE_CHECKING:
    from tests.fakes.world import World

MANUAL = {"type": "MANUAL", "settings": {}}


def run(world: World, payload: Any, key: str | None = None) -> Any:  # noqa: ANN401 - any JSON
    return run_manually(world.workflow(), payload, "Ann", world.services, key).run


def test_a_manual_trigger_gets_the_payload_flat_and_again(world: World) -> None:
    world.publish(written(create(), trigger=MANUAL))
    made = run(world, {"name": "Acme"})

    assert check_out(made.payload, world.payloads) == {
        "name": "Acme",
        "payload": {"name": "Acme"},
        "metadata": {"workspaceMemberId": None},
    }
    assert made.created_by == {"source": "MANUAL", "name": "Ann", "workspaceMemberId": None}


def test_another_trigger_gets_the_payload_as_it_is(world: World) -> None:
    world.publish(written(create()))

    assert check_out(run(world, [1, 2]).payload, world.payloads) == [1, 2]


@pytest.mark.parametrize("payload", [[], "text", 7, None])
def test_a_manual_payload_is_an_object(world: World, payload: object) -> None:
    world.publish(written(create(), trigger=MANUAL))

    with pytest.raises(errors.BadRequestError, match="object"):
        run(world, payload)


def test_the_same_key_is_the_same_run_and_never_a_webhooks(world: World) -> None:
    world.publish(written(create()))
    ids = [run(world, {}, "1").id, run(world, {}, "1").id, world.start({}, key="webhook:1").run.id]

    assert ids[0] == ids[1] != ids[2]


def test_a_workflow_that_is_not_active_cannot_be_run(world: World) -> None:
    world.publish(written(create()))

    with pytest.raises(errors.WorkflowStatusError):
        run_manually(replace(world.workflow(), active=None), {}, "Ann", world.services)


def test_a_start_by_hand_that_is_sent_five_times_at_once_is_one_run(world: World) -> None:
    world.publish(written(create(), trigger=MANUAL))
    with ThreadPoolExecutor(5) as pool:
        runs = list(pool.map(lambda _: run(world, {"name": "Acme"}, "key"), range(5)))

    assert len({made.id for made in runs}) == len(world.machines.started) == 1
