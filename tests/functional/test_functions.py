"""The handlers, given the events that AWS sends, on moto."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step, written
from tests.functional.deployment import call, event, publish, services
from ventuno import errors
from ventuno.access.model import Role
from ventuno.bootstrap import Environment
from ventuno.engine.statuses import RunStatus
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from ventuno.workflow.model import Workflow

pytestmark = pytest.mark.usefixtures("deployed")


def sent(workflow: Workflow, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - event fields
    """Send a webhook; the answer with its body read."""
    request = event("http_webhook_post", WORKFLOW_ID=workflow.id)
    method = changes.pop("method", "POST")
    request["requestContext"]["http"]["method"] = method
    return answer(call("trigger_webhook", {**request, **changes}))


def asked(path: str, token: str | None = None, method: str = "GET", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - event fields
    """Ask the API; the answer with its body read."""
    request = event("http_api_get")
    request["rawPath"] = request["requestContext"]["http"]["path"] = path
    request["requestContext"]["http"]["method"] = method
    if token:
        request["headers"]["authorization"] = f"Bearer {token}"
    return answer(call("api", {**request, **changes}))


def answer(response: dict[str, Any]) -> dict[str, Any]:
    return {**response, "body": json.loads(response["body"])}


def test_a_webhook_starts_a_run() -> None:
    workflow = publish(written(create(), name="Hook"))
    response = sent(workflow)
    run = services().runs.load(response["body"]["workflowRunId"], []).run
    execution = services().machines.describe(run.machine_arn, run.id)

    assert response["statusCode"] == 201
    assert response["body"] == {"workflowName": "Hook", "success": True, "workflowRunId": run.id}
    assert execution is not None
    assert execution.status == "RUNNING"


def test_a_webhook_body_in_base64_is_read() -> None:
    workflow = publish(written(create()))
    body = base64.b64encode(b'{"name": "Acme"}').decode()

    assert sent(workflow, body=body, isBase64Encoded=True)["statusCode"] == 201
    assert sent(workflow, body="%%%", isBase64Encoded=True)["statusCode"] == 400


def test_a_stage_in_the_path_of_a_webhook_is_passed_over() -> None:
    workflow = publish(written(create()))
    request = event("http_webhook_post", WORKFLOW_ID=workflow.id)
    request["requestContext"]["stage"] = "v1"
    request["rawPath"] = f"/v1{request['rawPath']}"

    assert call("trigger_webhook", request)["statusCode"] == 201


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"rawPath": "/webhooks/workflows/default/nothing"}, 404, "NOT_FOUND"),
        ({"method": "PUT"}, 405, "METHOD_NOT_ALLOWED"),
        ({"body": "{"}, 400, "INVALID_INPUT"),
        ({"body": '"\ud800"'}, 400, "INVALID_INPUT"),
        ({"body": "x" * 6_300_000}, 413, "PAYLOAD_TOO_LARGE"),
    ],
    ids=["no workflow", "another method", "no JSON", "no text", "too large"],
)
def test_a_refused_webhook_has_the_body_of_the_reference(
    changes: dict[str, Any], status: int, code: str
) -> None:
    response = sent(publish(written(create())), **changes)

    assert response["statusCode"] == response["body"]["statusCode"] == status
    assert response["body"].keys() == {"statusCode", "error", "messages", "code"}
    assert response["body"]["code"] == code
    assert response["body"]["messages"]


def test_a_webhook_says_which_method_it_takes() -> None:
    assert sent(publish(written(create())), method="PUT")["headers"]["allow"] == "POST"


def test_a_step_is_run_by_the_event_of_its_task() -> None:
    workflow = publish(written(create()))
    run_id = sent(workflow)["body"]["workflowRunId"]
    task = {"run": run_id, "version": f"{workflow.id}:v1", "step": "a"}

    assert call("step_runner", task) == {"answers": {}}
    found = services().records.find("company").records
    assert [record["name"] for record in found] == ["Acme"]


def test_a_failed_step_fails_its_call_by_the_name_that_machines_know() -> None:
    given = {"objectName": "{{trigger.nothing}}", "objectRecord": {}}
    workflow = publish(written(step("a", "CREATE_RECORD", given=given)))
    run_id = sent(workflow)["body"]["workflowRunId"]

    with pytest.raises(errors.StepFailedError) as caught:
        call("step_runner", {"run": run_id, "version": f"{workflow.id}:v1", "step": "a"})
    assert type(caught.value).__name__ == "StepFailedError"


def test_the_end_of_an_execution_closes_its_run() -> None:
    workflow = publish(written(create()))
    run_id = sent(workflow)["body"]["workflowRunId"]
    call("step_runner", {"run": run_id, "version": f"{workflow.id}:v1", "step": "a"})
    ended = event("execution_ended", RUN_ID=run_id, VERSION=f"{workflow.id}:v1")

    assert call("run_events", ended) == {"closed": True}
    assert call("run_events", ended) == {"closed": False}
    assert services().runs.load(run_id, []).run.status is RunStatus.COMPLETED


def test_the_sweep_looks_at_every_running_run() -> None:
    workflow = publish(written(create()))
    for _ in range(2):
        sent(workflow)

    seen = {"closed": 0, "resumed": 0, "left": 2, "begun": 0, "returned": 0, "resent": 0}
    assert call("run_events", {"sweep": True}) == seen
    assert call("run_events", {"sweep": True, "graceSeconds": 0}) == seen


def test_health_is_open_to_everybody() -> None:
    assert asked("/health")["statusCode"] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/workflows",
        "/runs",
        "/runs/x",
        "/rest/companies",
        "/rest/companies/x",
        "/nothing",
        "/workflows/x/run",
        "/workflows/x/run-on-records",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_everything_else_is_401_without_a_key(path: str, method: str) -> None:
    response = asked(path, method=method)

    assert response["statusCode"] == response["body"]["statusCode"] == 401
    assert response["body"]["code"] == "UNAUTHORIZED"


def test_an_unknown_address_is_404_with_a_key() -> None:
    _, token = create_key("ci", Role.VIEWER, services())
    response = asked("/nothing", token)

    assert (response["statusCode"], response["body"]["code"]) == (404, "NOT_FOUND")


def test_looking_needs_a_viewer_and_running_a_runner() -> None:
    publish(written(create()))
    _, viewer = create_key("viewer", Role.VIEWER, services())
    _, runner = create_key("runner", Role.RUNNER, services())

    assert asked("/workflows", viewer)["statusCode"] == 200
    assert asked("/workflows/flow/run", viewer, "POST", body="{}")["statusCode"] == 403
    assert asked("/workflows/flow/run", runner, "POST", body="{}")["statusCode"] == 201


def test_a_run_started_by_the_api_is_listed_and_shown() -> None:
    publish(written(create()))
    _, token = create_key("ci", Role.RUNNER, services())
    started = asked("/workflows/flow/run", token, "POST", body='{"name": "Acme"}')["body"]
    listed = asked("/runs", token, queryStringParameters={"workflow": "flow"})["body"]
    shown = asked(f"/runs/{started['workflowRunId']}", token)["body"]

    assert [run["id"] for run in listed["runs"]] == [started["workflowRunId"]]
    assert shown["state"]["stepInfos"]["trigger"]["result"] == {"name": "Acme"}
    assert shown["createdBy"]["source"] == "MANUAL"


def test_an_idempotency_key_makes_the_api_start_one_run() -> None:
    publish(written(create()))
    _, token = create_key("ci", Role.RUNNER, services())
    headers = {"authorization": f"Bearer {token}", "Idempotency-Key": "1"}
    first, again = (asked("/workflows/flow/run", None, "POST", headers=headers)["body"] for _ in range(2))

    assert (first["fresh"], again["fresh"]) == (True, False)
    assert first["workflowRunId"] == again["workflowRunId"]


def test_a_workflow_runs_on_the_records_that_are_chosen() -> None:
    availability = {"type": "SINGLE_RECORD", "objectNameSingular": "company"}
    publish(written(step("a"), trigger={"type": "MANUAL", "settings": {"availability": availability}}))
    write = WriteContext(Actor("API", "test"))
    made = [services().records.create("company", {"name": name}, write) for name in ("A", "B")]
    _, token = create_key("ci", Role.RUNNER, services())
    headers = {"authorization": f"Bearer {token}", "Idempotency-Key": "1"}

    def run_on(body: object) -> dict[str, Any]:
        path = "/workflows/flow/run-on-records"
        return asked(path, None, "POST", headers=headers, body=json.dumps(body))

    chosen = run_on({"ids": [made[0]["id"]]})
    everything = run_on({"filter": ""})
    some = run_on({"filter": "name[eq]:B"})

    assert (chosen["statusCode"], len(chosen["body"]["runs"]), chosen["body"]["cursor"]) == (201, 1, None)
    assert sorted(run["fresh"] for run in everything["body"]["runs"]) == [False, True]
    assert [run["fresh"] for run in some["body"]["runs"]] == [False]
    assert run_on({"ids": ["8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"]})["statusCode"] == 404


@pytest.mark.parametrize(
    "body",
    [{}, [], {"ids": ["x"], "filter": ""}, {"ids": "x"}, {"filter": "nothing"}, {"id": ["x"]}, {"ids": []}],
    ids=str,
)
def test_a_choice_of_records_that_says_nothing_is_400(body: object) -> None:
    availability = {"type": "BULK_RECORDS", "objectNameSingular": "company"}
    publish(written(step("a"), trigger={"type": "MANUAL", "settings": {"availability": availability}}))
    _, token = create_key("ci", Role.RUNNER, services())
    response = asked("/workflows/flow/run-on-records", token, "POST", body=json.dumps(body))

    assert response["statusCode"] == 400, response["body"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/runs", {"limit": "0"}),
        ("/runs", {"limit": "x"}),
        ("/runs", {"limit": "²"}),
        ("/runs", {"limit": "9" * 5_000}),
        ("/runs", {"limt": "5"}),
        ("/runs", {"status": "LOST"}),
        ("/runs", {"cursor": "x"}),
        ("/runs", {"cursor": "eyJQSyI6MX0="}),
        ("/rest/companies", {"limit": "201"}),
        ("/rest/companies", {"starting_after": "x"}),
    ],
)
def test_a_wrong_query_is_400(path: str, query: dict[str, str]) -> None:
    _, token = create_key("ci", Role.VIEWER, services())
    response = asked(path, token, queryStringParameters=query)

    assert response["statusCode"] == 400, response["body"]


@pytest.mark.parametrize(
    "path", ["/runs/x", "/rest/nothing", "/rest/companies/8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"]
)
def test_what_does_not_exist_is_404(path: str) -> None:
    _, token = create_key("ci", Role.VIEWER, services())

    assert asked(path, token)["statusCode"] == 404


@pytest.mark.parametrize("body", ["{", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud800"}', "[" * 200])
def test_a_payload_that_is_no_json_is_400(body: str) -> None:
    publish(written(create()))
    _, token = create_key("ci", Role.RUNNER, services())

    assert asked("/workflows/flow/run", token, "POST", body=body)["statusCode"] == 400


def test_records_are_read_over_rest() -> None:
    workflow = publish(written(create()))
    run_id = sent(workflow)["body"]["workflowRunId"]
    call("step_runner", {"run": run_id, "version": f"{workflow.id}:v1", "step": "a"})
    _, token = create_key("ci", Role.VIEWER, services())
    listed = asked("/rest/companies", token)["body"]
    (company,) = listed["data"]["companies"]

    assert listed["totalCount"] == 1
    assert listed["pageInfo"]["hasNextPage"] is False
    assert asked(f"/rest/companies/{company['id']}", token)["body"] == {"data": {"company": company}}


def test_an_environment_that_lacks_something_is_told_by_name() -> None:
    with pytest.raises(errors.ConfigurationError, match="RUNS_TABLE") as caught:
        Environment.read({"STAGE": "test", "WORKSPACE_ID": "default"})
    assert "STAGE" not in str(caught.value).replace("STATE_MACHINE", "")
