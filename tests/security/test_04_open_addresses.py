"""Security 4: what answers without a key is listed here, and what an address opens cannot be guessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.builders import create, step, written
from tests.functional.rest.conftest import Api, api
from ventuno import errors
from ventuno.adapters.system import SystemIds
from ventuno.runtime.forms import forms_of
from ventuno.runtime.rest.routes import ROUTES
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.webhook import WebhookCall, accept_webhook
from ventuno_dev.stack import template

__all__ = ["api"]
OPEN: Final = {
    ("GET", "/open-api.json"),
    ("GET", "/open-api/management.json"),
    ("GET", "/forms/<link>"),
    ("POST", "/forms/<link>"),
}
"""The documents describe the calls and hold no data; a form's address is its permission."""
ASKING: Final = step("ask", "FORM", (), [{"name": "note", "label": "Note", "type": "TEXT"}])


def test_no_other_call_of_the_api_is_open() -> None:
    assert {(route.method, route.path) for route in ROUTES if route.role is None} == OPEN


def test_the_gateway_leads_to_webhooks_and_to_the_api_and_nowhere_else() -> None:
    resources: dict[str, Any] = template.load(Path(__file__).parents[2])["Resources"]
    routes = [each for each in resources.values() if each["Type"] == "AWS::ApiGatewayV2::Route"]
    public = [name for name, each in resources.items() if "FunctionUrl" in str(each)]

    assert {each["Properties"]["RouteKey"] for each in routes} == {"ANY /webhooks/{proxy+}", "$default"}
    assert public == []


def test_health_tells_nothing(api: Api) -> None:
    assert api("GET", "/health", role=None) == (200, {"status": "ok"})


def test_the_documents_are_the_same_for_everybody_and_name_no_data(api: Api) -> None:
    before = [api.answered("GET", path, role=None) for _, path in sorted(OPEN) if path.endswith(".json")]
    api.created("companies", name="Canary")
    api.world.publish(written(create(), name="Canary"), "canary")
    after = [api.answered("GET", path, role=None) for _, path in sorted(OPEN) if path.endswith(".json")]

    assert before == after
    assert "canary" not in str(after).lower()


def test_secrets_in_addresses_have_256_bits_of_chance() -> None:
    secrets = {SystemIds().new_secret() for _ in range(1000)}

    assert len(secrets) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in secrets)


def test_a_form_opens_by_its_whole_secret_only(api: Api) -> None:
    api.world.publish(written(ASKING))
    run = api.world.start({}).run
    waiting = {"run": run.id, "version": str(run.version), "step": "ask", "token": "token"}
    run_step(StepEvent.model_validate(waiting), api.world.services)
    address = str(forms_of(run.id, api.world.services)[0]["address"])
    before, _, secret = address.rpartition("~")
    wrong = [
        *(f"{before}~{secret[:length]}" for length in range(0, len(secret), 5)),
        f"{before}~{secret.swapcase()}",
        f"{before}~{secret}x",
        f"{before}~%00",
        f"{before}~" + "x" * len(secret),
        address.replace("ask", "task"),
        address.replace(run.id, run.id[::-1]),
    ]
    answers = [api.answered("GET", each, role=None) for each in wrong]

    assert api.answered("GET", address, role=None)["statusCode"] == 200
    assert {answer["statusCode"] for answer in answers} == {404}
    assert len({answer["body"] for answer in answers}) == 1, "a near miss looks like any other"


@pytest.mark.parametrize("part", ["", "flow", "00000000-0000-4000-8000-000000000000", "*", "{id}x"])
def test_a_webhook_is_found_by_its_whole_id_only(api: Api, part: str) -> None:
    workflow = api.world.publish(written(create()))
    path = f"/webhooks/workflows/default/{part.format(id=workflow.id)}"

    with pytest.raises(errors.NotFoundError):
        accept_webhook(WebhookCall("POST", path, {}, {}, b"{}"), api.world.services)
