"""Runs stopped, retried and answered over real HTTP, by the role that the API has on the stack."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, step, written
from tests.e2e.runs import statuses
from tests.e2e.test_control_flow import company, missing, started, until
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.runs import Product

    Call = Callable[..., tuple[int, Any]]

pytestmark = pytest.mark.e2e
SEATS: Json = {"name": "seats", "label": "Seats of {{trigger.name}}", "type": "NUMBER", "required": True}


@pytest.fixture
def call(product: Product) -> Call:
    _, token = create_key("run control", Role.EDITOR, product.services)
    headers = {"Authorization": f"Bearer {token}"}

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:  # noqa: ANN401 - any JSON
        answer = product.http.request(method, f"{product.api_url}{path}", json=body, headers=headers)
        return answer.status_code, answer.json()

    return send


def waiting(product: Product, assignee: str) -> str:
    form: Json = {"fields": [SEATS], "assignee": assignee, "expiresAfter": {"days": 1}}
    run_id = started(product, step("ask", "FORM", "make", form), company("make", name="s{{ask.seats}}"))
    until(product, run_id, lambda infos: infos["ask"]["status"] == "PENDING")
    return run_id


def test_a_form_is_listed_changed_and_answered_once(product: Product, call: Call) -> None:
    assignee = f"ann-{uuid.uuid4().hex[:8]}"
    run_id = waiting(product, assignee)
    _, listed = call("GET", f"/forms?assignee={assignee}")
    changed = call("PUT", f"/runs/{run_id}/forms/ask", {"fields": [{**SEATS, "label": "How many?"}]})
    kept = call("PATCH", f"/runs/{run_id}/forms/ask", {"seats": 2})
    wrong = call("POST", f"/runs/{run_id}/forms/ask", {"seats": "many"})
    first = call("POST", f"/runs/{run_id}/forms/ask", {"seats": 3})
    second = call("POST", f"/runs/{run_id}/forms/ask", {"seats": 4})
    view = product.finished(run_id)

    assert [form["runId"] for form in listed["forms"]] == [run_id]
    assert (changed[0], changed[1]["fields"][0]["label"]) == (200, "How many?")
    assert kept[1]["fields"][0]["value"] == 2
    assert (wrong[0], first[0], second[0]) == (400, 200, 409)
    assert view["state"]["stepInfos"]["make"]["result"]["name"] == "s3"
    assert call("GET", f"/forms?assignee={assignee}")[1]["forms"] == []


def test_a_run_that_waits_is_stopped_over_http(product: Product, call: Call) -> None:
    run_id = waiting(product, "bob")
    status, run = call("POST", f"/runs/{run_id}/stop")
    again = call("POST", f"/runs/{run_id}/forms/ask", {"seats": 3})

    assert (status, run["status"], again[0]) == (200, "STOPPED", 409)


def test_a_failed_run_goes_on_with_the_mended_version_over_http(product: Product, call: Call) -> None:
    slug = f"flow-{uuid.uuid4().hex[:12]}"
    address = product.activated(slug, definition_from(written(company("make", "change"), missing("change"))))
    run_id = str(product.post(address, {"name": slug})["workflowRunId"])
    assert product.finished(run_id)["status"] == "FAILED"
    mended = missing("change")
    mended["settings"]["input"]["objectRecordId"] = "{{make.id}}"
    product.activated(slug, definition_from(written(company("make", "change"), mended)))

    status, run = call("POST", f"/runs/{run_id}/retry", {"onVersion": "latest"})
    view = product.finished(run_id)
    assert (status, run["status"], run["versionNumber"]) == (200, "RUNNING", 2)
    assert statuses(view) == {"make": "SUCCESS", "change": "SUCCESS"}
    assert call("POST", f"/runs/{run_id}/retry")[0] == 409
