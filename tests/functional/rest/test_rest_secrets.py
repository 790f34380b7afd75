"""Secrets over the API: in they go, and only their names come out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

VALUE = "sesame-open-up"


def named(api: Api) -> list[str]:
    _, body = api("GET", "/secrets")
    assert VALUE not in json.dumps(body)
    return [secret["name"] for secret in body["data"]["secrets"]]


def test_a_secret_is_stored_rotated_and_deleted_and_its_value_never_comes_back(api: Api) -> None:
    stored = api("POST", "/secrets", {"name": "KEY", "value": VALUE}, role=Role.ADMIN)
    listed = named(api)
    rotated = api("PUT", "/secrets/KEY", {"value": f"{VALUE}-2"}, role=Role.ADMIN)
    value = api.world.secrets.value("KEY")
    deleted = api("DELETE", "/secrets/KEY", role=Role.ADMIN)

    assert stored == (201, {"data": {"createSecret": {"name": "KEY"}}})
    assert (listed, value) == (["KEY"], f"{VALUE}-2")
    assert rotated == (200, {"data": {"rotateSecret": {"name": "KEY"}}})
    assert deleted == (200, {"data": {"deleteSecret": {"name": "KEY"}}})
    assert named(api) == []


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("POST", "/secrets", {"name": "OLD", "value": VALUE}, 409),
        ("POST", "/secrets", {"name": "K", "value": "short"}, 400),
        ("POST", "/secrets", {"name": "K", "value": "x" * 20_000}, 400),
        ("POST", "/secrets", {"name": "K", "value": " padded value "}, 400),
        ("POST", "/secrets", {"name": "a-b", "value": VALUE}, 400),
        ("POST", "/secrets", {"name": "../prod/secrets/K", "value": VALUE}, 400),
        ("POST", "/secrets", {"name": "K", "value": 12345678}, 400),
        ("POST", "/secrets", {"name": "K"}, 400),
        ("POST", "/secrets", {"name": "K", "value": VALUE, "more": 1}, 400),
        ("POST", "/secrets?x=1", {"name": "K", "value": VALUE}, 400),
        ("PUT", "/secrets/NONE", {"value": VALUE}, 404),
        ("PUT", "/secrets/a.b", {"value": VALUE}, 404),
        ("DELETE", "/secrets/NONE", None, 404),
    ],
)
def test_a_wrong_request_is_refused_without_repeating_the_value(
    api: Api, method: str, address: str, body: dict[str, object] | None, status: int
) -> None:
    api.world.secrets.create("OLD", "old-value")
    answered, told = api(method, address, body, role=Role.ADMIN)

    assert answered == status
    assert VALUE not in json.dumps(told)
    assert named(api) == ["OLD"]
    assert api.world.secrets.value("OLD") == "old-value"


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.RUNNER, Role.EDITOR])
@pytest.mark.parametrize(
    ("method", "address"), [("POST", "/secrets"), ("PUT", "/secrets/OLD"), ("DELETE", "/secrets/OLD")]
)
def test_only_an_admin_changes_secrets(api: Api, role: str | None, method: str, address: str) -> None:
    api.world.secrets.create("OLD", "old-value")
    status, _ = api(method, address, {"name": "K", "value": VALUE}, role=role)

    assert status == (403 if role else 401)
    assert api.world.secrets.value("OLD") == "old-value"


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.RUNNER])
def test_who_edits_no_workflows_does_not_see_the_names(api: Api, role: str | None) -> None:
    assert api("GET", "/secrets", role=role)[0] == (403 if role else 401)
