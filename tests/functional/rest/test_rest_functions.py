"""Functions over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

CODE = {"code": "export const main = async () => 1", "description": "One"}


def test_a_function_is_stored_shown_listed_and_deleted(api: Api) -> None:
    stored = api("PUT", "/functions/one", CODE)
    again = api("PUT", "/functions/one", CODE)
    changed = api("PUT", "/functions/one", {**CODE, "description": "Still one"})
    shown = api("GET", "/functions/one?version=1", role=Role.VIEWER)
    listed = api("GET", "/functions", role=Role.VIEWER)
    deleted = api("DELETE", "/functions/one")

    assert (stored[0], stored[1]["function"]["version"], stored[1]["changed"]) == (200, 1, True)
    assert again[1]["changed"] is False
    assert changed[1]["function"]["version"] == 2
    assert shown[1]["description"] == "One"
    assert [(one["name"], one["version"]) for one in listed[1]["functions"]] == [("one", 2)]
    assert deleted == (200, {"deleted": "one"})
    assert api("GET", "/functions/one")[0] == 404


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "/functions/nothing", None, 404),
        ("GET", "/functions/one?version=x", None, 400),
        ("GET", "/functions/one?version=0", None, 400),
        ("GET", "/functions/one?version=9", None, 404),
        ("GET", "/functions?x=1", None, 400),
        ("DELETE", "/functions/nothing", None, 404),
        ("PUT", "/functions/one", {"code": ""}, 400),
        ("PUT", "/functions/one", "{", 400),
        ("PUT", "/functions/a%20b", CODE, 400),
    ],
)
def test_what_cannot_be_is_refused(api: Api, method: str, address: str, body: object, status: int) -> None:
    api("PUT", "/functions/one", CODE)
    answered, told = api(method, address, body)

    assert (answered, bool(told["messages"])) == (status, True)


@pytest.mark.parametrize(("method", "role"), [("PUT", Role.RUNNER), ("DELETE", Role.RUNNER)])
def test_changing_functions_needs_an_editor(api: Api, method: str, role: str) -> None:
    assert api(method, "/functions/one", CODE, role=role)[0] == 403
    assert api(method, "/functions/one", CODE, role=None)[0] == 401
