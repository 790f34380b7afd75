"""A single step tried over the API, by the function that runs steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step
from tests.fakes.http import answer
from tests.fakes.secrets import MemorySecretStore
from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

GIVEN = {"url": "https://a.example/{{trigger.id}}", "headers": {"X-Key": "{{secrets.KEY}}"}}


def test_a_request_is_really_sent_and_its_answer_shown(api: Api) -> None:
    api.world.http.answers = [answer({"total": 5})]
    assert isinstance(api.world.secrets, MemorySecretStore)
    api.world.secrets.create("KEY", "canary-in-a-coal-mine")
    asked = {"step": step("ask", "HTTP_REQUEST", given=GIVEN), "values": {"trigger": {"id": 7}}}
    status, body = api("POST", "/steps/try", asked)

    assert (status, body["success"], body["result"]) == (200, True, {"total": 5})
    assert body["log"]["details"]["url"] == "https://a.example/7"
    assert body["outputSchema"]
    assert "canary" not in str(body)
    assert api.world.runs.by_workflow("", 10, None).runs == ()


def test_a_step_that_fails_tells_its_error(api: Api) -> None:
    api.world.http.answers = [answer({"no": True}, 404)]
    asked = {"step": step("ask", "HTTP_REQUEST", given={"url": "https://a.example/"})}
    status, body = api("POST", "/steps/try", asked)

    assert (status, body["success"]) == (200, False)
    assert body["error"] == {"status": 404, "body": {"no": True}}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"step": create()}, "cannot be tried alone"),
        ({"step": step("a", "NOTHING")}, "cannot be tried alone"),
        ({"step": {"id": "a"}}, "step.name"),
        ({}, "step"),
        ([], ""),
        ({"step": step("a", "CODE"), "values": []}, "values"),
        ({"step": step("a", "CODE"), "more": 1}, "more"),
        ("{", "JSON"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_the_reason(api: Api, body: Any, told: str) -> None:  # noqa: ANN401 - JSON
    status, refusal = api("POST", "/steps/try", body)

    assert status == 400
    assert told in " ".join(refusal["messages"])


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.RUNNER, 403)])
def test_trying_needs_an_editor(api: Api, role: str | None, status: int) -> None:
    assert api("POST", "/steps/try", {"step": create()}, role=role)[0] == status
