"""Testing a draft: a real run of a copy of it, which needs no activation and is listed apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step, written
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import check_out
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.lifecycle import archive, discard_draft
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.show_run import list_runs, show_run
from ventuno.runtime.testing import start_test
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from tests.builders import Json
    from tests.fakes.world import World
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import Run

SAMPLE = {"name": "Acme"}


def webhook(name: str = "One", **settings: Any) -> Json:  # noqa: ANN401 - author JSON
    trigger = {"type": "WEBHOOK", "settings": {"expectedBody": SAMPLE, **settings}}
    return written(create(), trigger=trigger, name=name)


def drafted(world: World, authored: Json) -> None:
    apply_definition("flow", definition_from(authored), world.services)


def trial(world: World, payload: JsonValue = None, key: str | None = None) -> Run:
    return start_test(world.workflow(), payload, "Ann", world.services, key).run


def listed(world: World, *, tests: bool) -> Any:  # noqa: ANN401 - JSON
    return list_runs(world.services, world.workflow(), None, 60, None, tests=tests)["runs"]


def test_a_draft_runs_without_being_activated(world: World) -> None:
    drafted(world, webhook())
    run = trial(world, {"name": "Ajax"})
    world.call(run)

    assert (run.test, run.status, run.created_by["name"]) == (True, RunStatus.RUNNING, "Ann")
    assert [record["name"] for record in world.companies()] == ["Ajax"]
    assert world.workflow().active is None
    assert run.machine_arn.rpartition(":")[2] == f"test-flow-draft-{run.version.snapshot}"


def test_tests_are_flagged_and_listed_apart(world: World) -> None:
    world.publish(webhook())
    drafted(world, webhook("Two"))
    run, test = world.start(SAMPLE).run, trial(world)

    assert [each["id"] for each in listed(world, tests=False)] == [run.id]
    assert [(each["id"], each["test"]) for each in listed(world, tests=True)] == [(test.id, True)]
    assert show_run(test.id, world.services)["test"] is True
    assert [one["id"] for one in _running(world, tests=True)] == [test.id]
    assert [one["id"] for one in _running(world, tests=False)] == [run.id]


def _running(world: World, *, tests: bool) -> Any:  # noqa: ANN401 - JSON
    return list_runs(world.services, None, RunStatus.RUNNING, 60, None, tests=tests)["runs"]


def test_the_active_version_goes_on_and_a_test_does_not_use_it(world: World) -> None:
    world.publish(webhook())
    drafted(world, webhook("Two"))

    assert str(trial(world).version).startswith(f"{world.workflow().id}:v2~")
    assert world.start(SAMPLE).run.version.number == 1


def test_a_test_keeps_what_the_draft_said_when_it_began(world: World) -> None:
    world.publish(webhook())
    drafted(world, webhook("Two"))
    run = trial(world)
    drafted(world, written(step("other"), trigger=webhook()["trigger"], name="Three"))
    other = trial(world)
    world.call(run)
    discard_draft(world.workflow(), world.services)

    steps = [list(show_run(each.id, world.services)["state"]["stepInfos"]) for each in (run, other)]  # type: ignore[index, call-overload, arg-type]
    assert steps == [["trigger", "a"], ["trigger", "other"]]
    assert run.machine_arn != other.machine_arn
    assert len(world.companies()) == 1


@pytest.mark.parametrize(
    ("trigger", "payload", "expected"),
    [
        ({"type": "WEBHOOK", "settings": {"expectedBody": SAMPLE}}, None, SAMPLE),
        ({"type": "WEBHOOK", "settings": {"expectedBody": SAMPLE}}, {"a": 1}, {"a": 1}),
        ({"type": "WEBHOOK", "settings": {"httpMethod": "GET"}}, None, {}),
        ({"type": "DATABASE_EVENT", "settings": {"eventName": "company.created"}}, None, {}),
        (
            {"type": "MANUAL", "settings": {}},
            {"a": 1},
            {"a": 1, "payload": {"a": 1}, "metadata": {"workspaceMemberId": None}},
        ),
    ],
)
def test_the_payload_is_what_the_trigger_would_give(
    world: World, trigger: Json, payload: JsonValue, expected: Json
) -> None:
    drafted(world, written(step("a"), trigger=trigger))

    assert check_out(trial(world, payload).payload, world.payloads) == expected


def test_the_same_key_starts_one_test(world: World) -> None:
    drafted(world, webhook())

    assert trial(world, key="k").id == trial(world, key="k").id
    assert trial(world).id != trial(world).id


def test_limits_do_not_hold_a_test_back_but_an_hour_can_be_used_up(world: World) -> None:
    world.publish(webhook())
    limits = Limits(per_minute=1, per_hour=3, at_once=1)
    world.workflows.save(replace(world.workflow(), limits=limits), [])
    world.start(SAMPLE)

    assert [trial(world).status.value for _ in range(3)] == ["RUNNING", "RUNNING", "FAILED"]


def test_a_draft_with_errors_and_an_archived_workflow_are_refused(world: World) -> None:
    drafted(world, written(create(then="nowhere")))
    with pytest.raises(errors.DefinitionError, match="DANGLING_REFERENCE"):
        trial(world)
    archive(world.workflow(), world.services)
    with pytest.raises(errors.WorkflowStatusError, match="restore"):
        trial(world)


def test_machines_of_tests_that_ended_long_ago_are_deleted(world: World) -> None:
    drafted(world, webhook())
    first = trial(world)
    drafted(world, webhook("Two"))
    second = trial(world)
    world.runs.close(second.id, 0, RunStatus.COMPLETED, None, "2026-03-01T12:00:00.000Z")
    world.clock.advance(3601)
    third = trial(world)
    drafted(world, webhook("Three"))
    trial(world)

    assert second.machine_arn == third.machine_arn
    assert set(world.machines.created) >= {first.machine_arn, second.machine_arn}  # both are in use
    for run in (first, third):
        world.runs.close(run.id, 0, RunStatus.FAILED, "no", "2026-03-01T12:00:00.000Z")
    last = trial(world)
    assert first.machine_arn not in world.machines.created
    assert set(world.machines.created) == {second.machine_arn, last.machine_arn}  # one ended just now
    assert retry_run(first.id, world.services).status is RunStatus.FAILED


def test_a_manual_payload_must_be_an_object(world: World) -> None:
    drafted(world, written(create(), trigger={"type": "MANUAL", "settings": {}}))

    with pytest.raises(errors.BadRequestError, match="object"):
        trial(world, [1])
