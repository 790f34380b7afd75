"""The life of workflows over real HTTP: drafts, tests, addresses, limits, rollouts, stacks."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.access.model import Role
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e

LIMIT_SECONDS = 40.0
MISSING = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def note(name: str, *, wait_seconds: int = 0, fails: bool = False) -> dict[str, Any]:
    """A webhook that makes a note, perhaps after a while; or one whose step fails."""
    given: dict[str, Any] = {"objectName": "note", "objectRecord": {"title": "{{trigger.text}}"}}
    kind = "UPDATE_RECORD" if fails else "CREATE_RECORD"
    steps: list[dict[str, Any]] = [
        {
            "id": "note",
            "name": "Note",
            "type": kind,
            "settings": {"input": given | ({"objectRecordId": MISSING} if fails else {})},
        }
    ]
    first = "note"
    if wait_seconds:
        waited = {"delayType": "DURATION", "duration": {"seconds": wait_seconds}}
        wait = {
            "id": "wait",
            "name": "Wait",
            "type": "DELAY",
            "nextStepIds": ["note"],
            "settings": {"input": waited},
        }
        steps, first = [wait, *steps], "wait"
    trigger = {"type": "WEBHOOK", "settings": {"expectedBody": {"text": "expected"}}, "nextStepIds": [first]}
    return {"name": name, "trigger": trigger, "steps": steps}


@dataclass(frozen=True)
class Api:
    """Calls of the management API with an administrator's key, for one workflow with a slug of its own."""

    product: Product
    token: str
    slug: str

    def __call__(self, method: str, path: str = "", body: Any = None, status: int = 200) -> Any:  # noqa: ANN401 - JSON
        address = f"{self.product.api_url}/workflows{path if path.startswith('?') else f'/{self.slug}{path}'}"
        answer = self.product.http.request(method, address, json=body, headers={"x-api-key": self.token})
        assert answer.status_code == status, answer.text
        return answer.json()

    def made(self, definition: dict[str, Any], *, active: bool = True) -> Any:  # noqa: ANN401 - JSON
        """Store a workflow and perhaps activate it."""
        answer = self.product.http.post(
            f"{self.product.api_url}/workflows",
            json={"slug": self.slug, "definition": definition},
            headers={"x-api-key": self.token},
        )
        assert answer.status_code == 201, answer.text
        return self("POST", "/activate") if active else answer.json()

    def post(self, path: str | None = None, text: str = "hello", **headers: str) -> tuple[int, Any]:
        """Call the webhook."""
        address = self.product.api_url + (path or self("GET")["webhookPath"])
        answer = self.product.http.post(address, json={"text": text}, headers=headers)
        return answer.status_code, answer.json()

    def runs(self, query: str = "") -> list[Any]:
        answer = self.product.http.get(
            f"{self.product.api_url}/runs?workflow={self.slug}{query}", headers={"x-api-key": self.token}
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["runs"])

    def of_run(self, method: str, run_id: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        answer = self.product.http.request(
            method,
            f"{self.product.api_url}/runs/{run_id}{path}",
            json=body,
            headers={"x-api-key": self.token},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, held: Callable[[], bool], what: str) -> None:
        """Wait until something holds."""
        end = time.monotonic() + LIMIT_SECONDS
        while not held():
            assert time.monotonic() < end, f"{what}: {self('GET')} {self.runs()}"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def token(product: Product) -> str:
    return create_key("lifecycle tests", Role.ADMIN, product.services)[1]


@pytest.fixture
def api(product: Product, token: str) -> Api:
    return Api(product, token, f"life-{uuid.uuid4().hex[:8]}")


def test_a_workflow_goes_from_a_draft_to_the_archive(api: Api) -> None:
    api.made(note("One"))
    status, answer = api.post()
    view = api.product.finished(answer["workflowRunId"])
    api("PUT", "/draft", note("Two"))
    plan = api("GET", "/plan")
    active = api("POST", "/activate")

    assert (status, view["status"]) == (201, "COMPLETED")
    assert plan["changes"]["settings"] == [{"path": "$.name", "before": "One", "after": "Two"}]
    assert (active["activeVersion"], active["name"]) == (2, "Two")
    assert [one["status"] for one in api("GET")["versions"]] == ["ACTIVE", "ARCHIVED"]
    assert api("POST", "/archive")["statuses"] == ["ARCHIVED"]
    assert api.post()[0] == 400
    assert api("POST", "/restore")["statuses"] == ["DEACTIVATED"]


def test_five_calls_at_once_with_one_id_are_one_run(api: Api) -> None:
    path = api.made(note("Once"))["webhookPath"]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: api.post(path, **{"webhook-id": "msg-1"}), range(5)))

    assert [status for status, _ in answers] == [201] * 5
    assert len({answer["workflowRunId"] for _, answer in answers}) == 1
    assert len(api.runs()) == 1


def test_a_draft_is_tested_before_it_is_activated(api: Api) -> None:
    api.made(note("Draft"), active=False)
    sample = api("POST", "/test", status=201)
    given = api("POST", "/test", {"text": "given"}, status=201)
    views = [api.product.finished(each["workflowRunId"]) for each in (sample, given)]

    assert [view["state"]["stepInfos"]["note"]["result"]["title"] for view in views] == ["expected", "given"]
    assert all(view["test"] for view in views)
    assert api.runs() == []
    assert len(api.runs("&tests=true")) == 2


def test_an_address_is_changed_with_and_without_grace(api: Api) -> None:
    first = api.made(note("Hook"))["webhookPath"]
    second = api("POST", "/webhook-address", {"graceSeconds": 600})["webhookPath"]

    assert [api.post(path)[0] for path in (first, second)] == [201, 201]
    third = api("POST", "/webhook-address")["webhookPath"]
    assert [api.post(path)[0] for path in (first, second, third)] == [404, 404, 201]


def test_runs_at_once_are_limited_and_all_come_to_their_end(api: Api) -> None:
    path = api.made(note("One by one", wait_seconds=1))["webhookPath"]
    api("PUT", "/limits", {"atOnce": 1})
    ids = [api.post(path, str(number))[1]["workflowRunId"] for number in range(3)]
    seen: set[tuple[str, ...]] = set()

    def all_ended() -> bool:
        statuses = sorted(run["status"] for run in api.runs())
        seen.add(tuple(statuses))
        return statuses == ["COMPLETED"] * 3

    api.until(all_ended, "three runs")
    assert all(statuses.count("RUNNING") <= 1 for statuses in seen)
    assert any("NOT_STARTED" in statuses for statuses in seen)
    assert {api.product.finished(run_id)["status"] for run_id in ids} == {"COMPLETED"}


def test_a_run_that_is_retried_waits_for_a_place_that_is_taken(api: Api) -> None:
    path = api.made(note("Bad", fails=True))["webhookPath"]
    api("PUT", "/limits", {"atOnce": 1})
    failed = api.post(path)[1]["workflowRunId"]
    assert api.product.finished(failed)["status"] == "FAILED"
    api("PUT", "/draft", note("Slow", wait_seconds=600))
    api("POST", "/activate")
    other = api.post(path)[1]["workflowRunId"]
    api("PUT", "/draft", note("Good"))
    api("POST", "/activate")
    retried = api.of_run("POST", failed, "/retry", {"onVersion": "latest"})
    api.of_run("POST", other, "/stop")

    assert retried["status"] == "NOT_STARTED"
    assert api.product.finished(other)["status"] == "STOPPED"
    assert api.product.finished(failed)["status"] == "COMPLETED"


def test_runs_of_a_minute_wait_and_runs_of_an_hour_are_refused(api: Api, stack: RunningStack) -> None:
    path = api.made(note("Limited"))["webhookPath"]
    api("PUT", "/limits", {"perMinute": 1, "perHour": 3})
    answers = [api.post(path, str(number)) for number in range(4)]
    waiting = [run for run in api.runs() if run["status"] == "NOT_STARTED"]

    assert [status for status, _ in answers] == [201, 201, 201, 429]
    assert answers[3][1]["code"] == "WORKFLOW_RUN_LIMIT_REACHED"
    assert waiting
    assert sum(run["refused"] for run in api.runs()) == 1
    api("PUT", "/limits", {})
    stack.clients.functions.invoke(
        FunctionName=stack.outputs.run_events_arn, Payload=json.dumps({"sweep": True, "graceSeconds": 60})
    )
    for _, answer in answers[:3]:
        assert api.product.finished(answer["workflowRunId"])["status"] == "COMPLETED"


def test_a_version_that_fails_is_taken_back_by_itself(api: Api) -> None:
    path = api.made(note("Good"))["webhookPath"]
    api("PUT", "/draft", note("Bad", fails=True))
    rolled = api("PUT", "/rollout", {"percent": 99, "mostFailuresPercent": 0, "afterRuns": 2})

    assert rolled["rollout"]["version"] == 2

    def taken_back() -> bool:
        api.post(path)
        return api("GET")["rollout"] is None

    api.until(taken_back, "the return of v2")
    shown = api("GET")
    assert (shown["activeVersion"], "runs failed" in shown["rollback"]) == (1, True)
    assert api.product.finished(api.post(path)[1]["workflowRunId"])["versionNumber"] == 1


def test_an_exported_workflow_is_made_changed_and_put_away_by_cloudformation(
    api: Api, stack: RunningStack
) -> None:
    api.made(note("Exported"), active=False)
    template = api("GET", "/export")
    copy = Api(api.product, api.token, f"{api.slug}-cfn")
    cloudformation, name = stack.clients.cloudformation, copy.slug
    parameters: Any = [{"ParameterKey": "Slug", "ParameterValue": copy.slug}]
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Parameters=parameters)
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 40}
    )
    (made,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in made["Outputs"]}
    status, answer = copy.post(outputs["WebhookPath"])

    assert (status, api.product.finished(answer["workflowRunId"])["status"]) == (201, "COMPLETED")
    api("PUT", "/draft", note("Exported again"))
    cloudformation.update_stack(
        StackName=name, TemplateBody=json.dumps(api("GET", "/export")), Parameters=parameters
    )
    copy.until(lambda: copy("GET")["activeVersion"] == 2, "the update")
    cloudformation.delete_stack(StackName=name)
    copy.until(lambda: copy("GET")["statuses"] == ["ARCHIVED"], "the end of the stack")
