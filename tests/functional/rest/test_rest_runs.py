"""Runs over the API: stopped, retried and answered by those who may, with a reason for every refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step, written
from ventuno import errors
from ventuno.access.model import Role
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World
    from tests.functional.rest.conftest import Api
    from ventuno.runs.model import Run

FORM = [
    {"name": "seats", "label": "Seats", "type": "NUMBER", "required": True},
    {"name": "note", "label": "Note", "type": "TEXT"},
]
NOBODY = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def waiting(world: World) -> Run:
    """Begin a run that waits for a form."""
    run = world.begin(step("ask", "FORM", "make", FORM), create("make"))
    event = StepEvent(run=run.id, version=str(run.version), step="ask", token="task-token-1")  # noqa: S106 - no secret
    run_step(event, world.services)
    return run


def failed(world: World) -> Run:
    """Begin a run and let it fail."""
    given = {"objectName": "company", "objectRecordId": NOBODY, "objectRecord": {"name": "x"}}
    run = world.begin(step("a", "UPDATE_RECORD", given=given))
    with pytest.raises(errors.StepFailedError):
        world.call(run)
    started = world.machines.started[-1]
    ended = {"executionArn": "arn", "stateMachineArn": started.machine_arn, "name": started.name}
    event = ended | {"input": started.payload, "status": "FAILED", "error": "StepFailedError", "cause": ""}
    close_run(ExecutionEnded.model_validate(event), world.services)
    return run


def test_a_run_is_stopped_and_stopping_it_again_changes_nothing(api: Api) -> None:
    run = waiting(api.world)
    status, body = api("POST", f"/runs/{run.id}/stop", role=Role.RUNNER)
    again = api("POST", f"/runs/{run.id}/stop", role=Role.RUNNER)

    assert (status, body["id"], body["status"]) == (200, run.id, "STOPPED")
    assert again == (status, body)


def test_a_failed_run_is_retried_once(api: Api) -> None:
    run = failed(api.world)
    status, body = api("POST", f"/runs/{run.id}/retry", "", role=Role.RUNNER)
    again, refusal = api("POST", f"/runs/{run.id}/retry", "", role=Role.RUNNER)

    assert (status, body["status"]) == (200, "RUNNING")
    assert api.world.machines.started[-1].name == f"{run.id}-r1"
    assert (again, refusal["code"]) == (409, "CONFLICT")
    assert "only a run that FAILED" in refusal["messages"][0]


@pytest.mark.parametrize("wanted", [2, "latest"])
def test_a_failed_run_goes_on_with_a_mended_version(api: Api, wanted: object) -> None:
    run = failed(api.world)
    api.world.publish(written(create("a")))
    status, body = api("POST", f"/runs/{run.id}/retry", {"onVersion": wanted}, role=Role.RUNNER)

    assert (status, body["versionNumber"]) == (200, 2)


@pytest.mark.parametrize(
    "body",
    [{"onVersion": 0}, {"onVersion": "2"}, {"onVersion": True}, {"version": 2}, [], "{", {"onVersion": 9}],
)
def test_a_retry_that_names_no_version_is_refused(api: Api, body: object) -> None:
    run = failed(api.world)
    status, _ = api("POST", f"/runs/{run.id}/retry", body, role=Role.RUNNER)

    assert status == (404 if body == {"onVersion": 9} else 400)
    assert api.world.runs.load(run.id, []).run.status is RunStatus.FAILED


def test_a_form_is_answered_once_and_the_second_answer_is_a_conflict(api: Api) -> None:
    run = waiting(api.world)
    status, body = api("POST", f"/runs/{run.id}/forms/ask", {"seats": 3}, role=Role.RUNNER)
    again, refusal = api("POST", f"/runs/{run.id}/forms/ask", {"seats": 4}, role=Role.RUNNER)

    assert (status, body["status"], body["result"]) == (200, "SUCCESS", {"seats": 3, "note": None})
    assert (again, refusal["messages"]) == (409, ["the form was answered already"])
    assert api.world.states(run.id)["ask"].result is not None


def test_every_wrong_field_of_an_answer_is_told(api: Api) -> None:
    run = waiting(api.world)
    status, body = api("POST", f"/runs/{run.id}/forms/ask", {"seats": "x", "notes": 1}, role=Role.RUNNER)

    assert (status, body["code"]) == (400, "INVALID_FORM_ANSWER")
    assert [message.partition(":")[0] for message in body["messages"]] == ["seats", "notes"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/runs/{run}/forms/nothing", 404),
        ("/runs/nothing/forms/ask", 404),
        ("/runs/nothing/stop", 404),
        ("/runs/nothing/retry", 404),
        ("/runs/{run}/forms/ask?iteration=x", 400),
        ("/runs/{run}/forms/ask?iteration=3", 404),
        ("/runs/{run}/stop?now=true", 400),
    ],
)
def test_a_call_that_leads_nowhere_says_so(api: Api, address: str, status: int) -> None:
    run = waiting(api.world)
    answered, body = api("POST", address.format(run=run.id), {}, role=Role.RUNNER)

    assert (answered, bool(body["messages"])) == (status, True)


@pytest.mark.parametrize("call", ["stop", "retry", "forms/ask"])
@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.VIEWER, 403)])
def test_who_may_only_look_changes_no_run(api: Api, call: str, role: str | None, status: int) -> None:
    run = waiting(api.world)

    assert api("POST", f"/runs/{run.id}/{call}", {"seats": 3}, role=role)[0] == status
    assert api.world.runs.load(run.id, []).run.status is RunStatus.RUNNING


def test_the_management_calls_have_a_public_description_of_their_own(api: Api) -> None:
    status, document = api("GET", "/open-api/management.json", role=None)
    paths: dict[str, Any] = document["paths"]
    operations = [call["operationId"] for path in paths.values() for call in path.values()]

    assert (status, document["openapi"]) == (200, "3.1.0")
    assert len(operations) == len(set(operations))
    assert paths["/runs/{run}/retry"]["post"]["description"] == "Role: runner."
    assert {"stopRun", "retryRun", "answerForm", "createSecret", "listObjects"} < set(operations)
