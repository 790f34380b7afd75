"""What a caller who mistyped something is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api


@pytest.mark.parametrize(
    ("call", "body", "status", "told"),
    [
        ("GET /rest/peple", None, 404, 'there is no object "peple" (did you mean people?)'),
        ("GET /wrkflows", None, 404, "there is no GET /wrkflows: /open-api/management.json lists the calls"),
        ("GET /workflows/nope", None, 404, 'there is no workflow "nope"'),
        ("POST /rest/people", {"nmae": 1}, 400, "nmae is not a field of person (did you mean name?)"),
        ("GET /rest/people?limt=3", None, 400, '"limt" is no parameter of this call; it takes filter, '),
        ("POST /steps/try", {"stp": 1}, 400, "body.step: this is missing; add it"),
        (
            "PUT /functions/rate",
            {"cod": "x"},
            400,
            'function.cod: "cod" is not a key here; remove it or correct it (did you mean code?)',
        ),
    ],
)
def test_a_mistyped_call_is_told_what_may_be_meant(
    api: Api,
    call: str,
    body: Any,  # noqa: ANN401  any JSON
    status: int,
    told: str,
) -> None:
    method, address = call.split()
    answered, answer = api(method, address, body, role=Role.ADMIN)

    assert answered == status
    assert any(told in message for message in answer["messages"]), answer["messages"]


def test_a_call_without_a_body_is_told_so(api: Api) -> None:
    response = api.answered("POST", "/rest/people", "")

    assert response["statusCode"] == 400
    assert "the body is empty; send JSON" in response["body"]


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ("DELETE /workflows", "GET, POST"),
        ("PUT /rest/people", "GET, POST"),
        ("POST /runs/some-run", "GET"),
        ("GET /runs/some-run/stop", "POST"),
    ],
)
def test_an_address_that_takes_other_methods_says_which(api: Api, call: str, allowed: str) -> None:
    method, address = call.split()
    answer = api.answered(method, address, role=Role.VIEWER)
    sent = {name.lower(): value for name, value in answer["headers"].items()}

    assert (answer["statusCode"], sent["allow"]) == (405, allowed)
    assert f"{address} takes {allowed}, not {method}" in answer["body"]
    assert api.answered(method, address, role=None)["statusCode"] == 401
