"""Iterations of a run's loop over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, written
from tests.graphs.simulating import loop
from ventuno.access.model import Role
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

ITEMS = ["Acme", "Beta", "Gamma"]


@pytest.fixture
def address(api: Api) -> str:
    """The iterations of a loop over three items, the second of which is done."""
    api.world.publish(written(loop("each", "make", ITEMS), create("make", "each")))
    run = api.world.start({"name": "Acme"}).run
    for step, iteration in (("each", ""), ("make", "1")):
        event = StepEvent(run=run.id, version=str(run.version), step=step, iteration=iteration)
        run_step(event, api.world.services)
    return f"/runs/{run.id}/iterations/each"


def test_iterations_are_shown_from_where_the_query_says(api: Api, address: str) -> None:
    status, view = api("GET", f"{address}?from=1&limit=1", role=Role.VIEWER)
    (iteration,) = view["iterations"]

    assert (status, view["iterator"], view["within"], view["count"]) == (200, "each", "", 3)
    assert (iteration["index"], iteration["item"]) == (1, "Beta")
    assert iteration["steps"]["make"]["status"] == "SUCCESS"
    assert iteration["steps"]["make"]["result"]["name"] == "Acme"


def test_without_a_query_all_of_a_short_loop_is_shown(api: Api, address: str) -> None:
    iterations: Any = api("GET", address, role=Role.VIEWER)[1]["iterations"]

    assert [one["item"] for one in iterations] == ITEMS
    assert [one["steps"]["make"]["status"] for one in iterations] == ["NOT_STARTED", "SUCCESS", "NOT_STARTED"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=3", 404),
        ("from=-1", 400),
        ("from=x", 400),
        ("from=²", 400),
        ("from=99999999999", 400),
        ("from=1.0", 400),
        ("limit=0", 400),
        ("limit=201", 400),
        ("within=0", 400),
        ("within=x", 400),
        ("within=1..2", 400),
        ("within=-1", 400),
        ("within=" + ".".join("0" * 30), 400),
    ],
)
def test_a_wrong_query_is_refused_with_a_sentence(api: Api, address: str, query: str, status: int) -> None:
    answered, body = api("GET", f"{address}?{query}", role=Role.VIEWER)

    assert (answered, body["statusCode"]) == (status, status)
    assert body["messages"][0]


def test_what_does_not_exist_is_404_and_nobody_without_a_key_is_told(api: Api, address: str) -> None:
    assert api("GET", address, role=None)[0] == 401
    assert api("GET", address.replace("each", "make"), role=Role.VIEWER)[0] == 404
    assert api("GET", "/runs/nothing/iterations/each", role=Role.VIEWER)[0] == 404
