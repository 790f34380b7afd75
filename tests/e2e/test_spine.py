"""The spine on the real stack: a webhook becomes records through a compiled machine."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.runs import statuses
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key
from ventuno.runtime.activate import deactivate
from ventuno.runtime.run_manually import run_manually
from ventuno.runtime.show_run import run_figures

if TYPE_CHECKING:
    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product
    from ventuno.definition.model import Definition

pytestmark = pytest.mark.e2e


def an_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def count_of_runs(product: Product, slug: str) -> int:
    workflow = product.services.workflows.find(slug)
    assert workflow is not None
    return len(product.services.runs.by_workflow(workflow.id, 200, None).runs)


def test_a_web_form_becomes_a_person(product: Product) -> None:
    address = product.activated("web-form-to-person")
    email = an_email()

    answer = product.post(address, {"firstName": "Ada", "lastName": "Lovelace", "email": email.upper()})
    view = product.finished(answer["workflowRunId"])

    assert answer["success"] is True
    assert answer["workflowName"] == "Web form to person"
    assert view["status"] == "COMPLETED"
    person = view["state"]["stepInfos"]["create_person"]["result"]
    stored: Any = product.services.records.get("person", person["id"])
    assert stored["name"] == {"firstName": "Ada", "lastName": "Lovelace"}
    assert stored["emails"]["primaryEmail"] == email
    assert stored["createdBy"]["source"] == "WORKFLOW"


def test_a_lead_with_a_domain_is_linked_to_its_company_once(product: Product) -> None:
    address = product.activated("lead-intake")
    email, domain = an_email(), f"{uuid.uuid4().hex[:12]}.example"
    lead = {"firstName": "Grace", "lastName": "Hopper", "email": email, "companyDomain": domain}

    first = product.finished(product.post(address, lead)["workflowRunId"])
    second = product.finished(product.post(address, lead)["workflowRunId"])

    assert statuses(first) == {
        "upsert_person": "SUCCESS",
        "has_domain": "SUCCESS",
        "upsert_company": "SUCCESS",
        "link_person": "SUCCESS",
        "create_task": "SKIPPED",
    }
    one, other = (view["state"]["stepInfos"] for view in (first, second))
    assert one["upsert_person"]["result"]["id"] == other["upsert_person"]["result"]["id"]
    assert one["upsert_company"]["result"]["id"] == other["upsert_company"]["result"]["id"]
    person = product.services.records.get("person", one["upsert_person"]["result"]["id"])
    assert person["companyId"] == one["upsert_company"]["result"]["id"]


def test_a_lead_without_a_domain_becomes_a_task(product: Product) -> None:
    address = product.activated("lead-intake")
    lead = {"firstName": "Alan", "lastName": "Turing", "email": an_email(), "companyDomain": ""}

    view = product.finished(product.post(address, lead)["workflowRunId"])

    assert statuses(view)["upsert_company"] == statuses(view)["link_person"] == "SKIPPED"
    task = view["state"]["stepInfos"]["create_task"]["result"]
    assert task["title"] == "Ask Alan Turing which company they work for"


def test_a_manual_run_stops_at_a_filter_that_does_not_match(product: Product) -> None:
    product.activated("open-opportunity")
    workflow = product.services.workflows.find("open-opportunity")
    assert workflow is not None
    started = run_manually(workflow, {"companyId": str(uuid.uuid4())}, "tester", product.services)

    view = product.finished(started.run.id)

    assert view["status"] == "COMPLETED"
    assert statuses(view) == {
        "find_company": "SUCCESS",
        "company_exists": "STOPPED",
        "find_open_opportunity": "SKIPPED",
        "none_yet": "SKIPPED",
        "create_opportunity": "SKIPPED",
        "create_task": "SKIPPED",
    }


def test_one_event_delivered_five_times_at_once_starts_one_run(product: Product) -> None:
    address = product.activated("web-form-to-person")
    before = count_of_runs(product, "web-form-to-person")
    email, key = an_email(), uuid.uuid4().hex

    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(lambda _: product.post(address, {"email": email}, idempotency_key=key), range(5))
        )
    view = product.finished(answers[0]["workflowRunId"])

    assert view["status"] == "COMPLETED"
    assert {answer["workflowRunId"] for answer in answers} == {answers[0]["workflowRunId"]}
    assert count_of_runs(product, "web-form-to-person") == before + 1


def test_a_step_that_fails_fails_the_run_and_says_why(product: Product) -> None:
    address = product.activated("web-form-to-person")

    view = product.finished(product.post(address, {"jobTitle": {"not": "text"}})["workflowRunId"])

    assert view["status"] == "FAILED"
    assert view["error"] == "WorkflowRun failed"
    assert "jobTitle" in view["state"]["stepInfos"]["create_person"]["error"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"path": "/webhooks/workflows/default/unknown"}, 404, "NOT_FOUND"),
        ({"path": "/webhooks/workflows/elsewhere/{id}"}, 404, "NOT_FOUND"),
        ({"method": "GET"}, 405, "METHOD_NOT_ALLOWED"),
        ({"method": "DELETE"}, 405, "METHOD_NOT_ALLOWED"),
        ({"content": b'{"email": '}, 400, "INVALID_INPUT"),
        ({"content": b'{"a": 1, "a": 2}'}, 400, "INVALID_INPUT"),
        ({"content": b"[" * 100_000}, 400, "INVALID_INPUT"),
        ({"content": b'"' + b"x" * (6 * 1024 * 1024) + b'"'}, 413, "PAYLOAD_TOO_LARGE"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else None,
)
def test_a_refused_call_has_the_reference_body_and_starts_nothing(
    product: Product, change: dict[str, Any], status: int, code: str
) -> None:
    address = product.activated("web-form-to-person")
    before = count_of_runs(product, "web-form-to-person")
    path = change.get("path", "").replace("{id}", address.rpartition("/")[2])
    url = f"{product.api_url}{path}" if path else address

    answer = product.http.request(change.get("method", "POST"), url, content=change.get("content", b"{}"))

    body = answer.json()
    assert answer.status_code == status
    assert set(body) == {"statusCode", "error", "messages", "code"}
    assert (body["statusCode"], body["code"]) == (status, code)
    assert body["messages"]
    assert count_of_runs(product, "web-form-to-person") == before


def a_webhook_workflow(name: str, authentication: str | None = None) -> Definition:
    return definition_from(
        {
            "name": name,
            "trigger": {
                "type": "WEBHOOK",
                "settings": {"httpMethod": "POST", "authentication": authentication},
                "nextStepIds": ["note"],
            },
            "steps": [
                {
                    "id": "note",
                    "name": "Note",
                    "type": "CREATE_RECORD",
                    "settings": {
                        "input": {"objectName": "note", "objectRecord": {"title": "{{trigger.text}}"}}
                    },
                }
            ],
        }
    )


def test_an_inactive_workflow_answers_400(product: Product) -> None:
    address = product.activated("inactive", a_webhook_workflow("Inactive"))
    workflow = product.services.workflows.find("inactive")
    assert workflow is not None
    deactivate(workflow, product.services)

    answer = product.http.post(address, json={})

    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID_WORKFLOW_STATUS"


def test_a_workflow_of_another_trigger_answers_400(product: Product) -> None:
    address = product.activated("open-opportunity")

    answer = product.http.post(address, json={})

    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID_WORKFLOW_TRIGGER"


def test_a_webhook_with_an_api_key_refuses_calls_without_one(product: Product) -> None:
    address = product.activated("guarded", a_webhook_workflow("Guarded", authentication="API_KEY"))
    _, token = create_key("webhook", Role.RUNNER, product.services)

    without = product.http.post(address, json={"text": "no"})
    with_key = product.http.post(
        address,
        content="text=yes",
        headers={"authorization": f"Bearer {token}", "content-type": "application/x-www-form-urlencoded"},
    )

    assert without.status_code == 401
    assert with_key.status_code == 201
    view = product.finished(with_key.json()["workflowRunId"])
    assert view["state"]["stepInfos"]["note"]["result"]["title"] == "yes"


def test_the_api_shows_runs_and_records_to_a_viewer_and_nothing_without_a_key(product: Product) -> None:
    address = product.activated("web-form-to-person")
    run_id = product.post(address, {"email": an_email()})["workflowRunId"]
    product.finished(run_id)
    _, token = create_key("viewer", Role.VIEWER, product.services)
    key = {"x-api-key": token}

    shown = product.http.get(f"{product.api_url}/runs/{run_id}", headers=key).json()
    people = product.http.get(f"{product.api_url}/rest/people?limit=1", headers=key).json()
    refused = product.http.post(f"{product.api_url}/workflows/web-form-to-person/run", headers=key)

    assert shown["status"] == "COMPLETED"
    assert len(people["data"]["people"]) == 1
    assert refused.status_code == 403
    for path in ("/runs", f"/runs/{run_id}", "/rest/people", "/workflows", "/anything"):
        assert product.http.get(f"{product.api_url}{path}").status_code == 401


def test_a_run_of_five_steps_tells_its_calls_and_transitions(product: Product) -> None:
    product.activated("open-opportunity")
    workflow = product.services.workflows.find("open-opportunity")
    assert workflow is not None
    address = product.activated("lead-intake")
    lead = {
        "firstName": "A",
        "lastName": "B",
        "email": an_email(),
        "companyDomain": f"{uuid.uuid4().hex}.example",
    }
    lead_run = product.finished(product.post(address, lead)["workflowRunId"])
    company = lead_run["state"]["stepInfos"]["upsert_company"]["result"]["id"]
    started = run_manually(workflow, {"companyId": company}, "tester", product.services)
    product.finished(started.run.id)

    figures: Any = run_figures(started.run.id, product.services)

    assert figures["executedSteps"] == 6
    assert figures["transitions"] == 6
    by_step = {step["id"]: step for step in figures["steps"]}
    calls = dict(by_step["create_opportunity"]["calls"])
    # Once a minute a process looks whether the objects changed.
    assert calls.pop("dynamodb:GetItem", 0) <= 1
    # One read for the run's state, one to see that the company exists.
    assert calls == {
        "dynamodb:BatchGetItem": 2,
        "dynamodb:PutItem": 1,
        "dynamodb:TransactWriteItems": 1,
    }
    assert by_step["none_yet"]["calls"] == {}


def test_an_execution_that_is_stopped_from_outside_closes_its_run(
    product: Product, stack: RunningStack
) -> None:
    slow = definition_from(
        {
            "name": "Slow",
            "trigger": {"type": "WEBHOOK", "settings": {}, "nextStepIds": ["wait"]},
            "steps": [
                {
                    "id": "wait",
                    "name": "Fails and waits",
                    "type": "UPDATE_RECORD",
                    "settings": {
                        "input": {
                            "objectName": "note",
                            "objectRecordId": str(uuid.uuid4()),
                            "objectRecord": {"title": "x"},
                        },
                        "errorHandlingOptions": {"retryOnFailure": {"value": 3}},
                    },
                }
            ],
        }
    )
    run_id = product.post(product.activated("slow", slow), {})["workflowRunId"]
    run = product.services.runs.load(run_id, []).run
    execution = f"{run.machine_arn.replace(':stateMachine:', ':execution:')}:{run.execution_name}"

    stack.clients.states.stop_execution(executionArn=execution)
    view = product.finished(run_id)

    assert view["status"] == "STOPPED"
