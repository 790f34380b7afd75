"""A loop over many items: every iteration can be read, and an item costs the same however many there are."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, passes, step
from tests.graphs.simulating import loop
from ventuno.runs.keys import run_key
from ventuno.runtime.show_iterations import Wanted, show_iterations
from ventuno.runtime.show_run import run_figures

if TYPE_CHECKING:
    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e
FEW, MANY = 30, 300
RECORD = {"objectName": "company", "objectRecord": {"name": "{{each.currentItem.name}}"}}
BODY = (
    loop("each", "named", "{{trigger.items}}"),
    step("named", "FILTER", "made", passes("{{each.currentItem.kind}}", "wanted")),
    step("made", "CREATE_RECORD", "each", RECORD),
)


def name_of(item: int) -> str:
    return f"item-{item:05}"


@pytest.fixture(scope="module")
def runs(product: Product) -> dict[int, str]:
    """Loop over few and over many items; return the ids of the runs."""
    address = product.activated(f"long-{uuid.uuid4().hex[:8]}", defined(*BODY))
    found = {}
    for count in (FEW, MANY):
        items = [{"name": name_of(item), "kind": "wanted"} for item in range(count)]
        found[count] = product.post(address, {"items": items})["workflowRunId"]
        assert product.finished(found[count])["status"] == "COMPLETED"
    return found


def test_every_iteration_of_a_long_loop_can_be_read(product: Product, runs: dict[int, str]) -> None:
    read: list[Any] = []
    while len(read) < MANY:
        view: Any = show_iterations(runs[MANY], Wanted("each", len(read), 100), product.services)
        assert view["iterations"], f"only {len(read)} iterations are told"
        read += view["iterations"]

    assert [one["index"] for one in read] == list(range(MANY))
    assert [one["item"]["name"] for one in read] == [name_of(item) for item in range(MANY)]
    assert [one["steps"]["made"]["result"]["name"] for one in read] == [name_of(n) for n in range(MANY)]


def test_an_item_of_a_long_loop_takes_as_many_requests_and_transitions_as_one_of_a_short_one(
    product: Product, runs: dict[int, str]
) -> None:
    told: dict[int, Any] = {count: run_figures(run_id, product.services) for count, run_id in runs.items()}

    assert _requests_an_item(told[MANY], MANY) == _requests_an_item(told[FEW], FEW)
    assert told[MANY]["transitions"] - told[FEW]["transitions"] == pytest.approx(
        (MANY - FEW) * told[FEW]["transitions"] / FEW, rel=0.1
    )


def _requests_an_item(figures: Any, items: int) -> dict[str, int]:  # noqa: ANN401 - JSON
    """Count the requests of the body's steps; a function that has just started reads the version besides."""
    body = [one for one in figures["steps"] if one["id"] != "each"]
    every = sum((Counter(one["calls"]) for one in body), Counter())
    return {call: round(total / items) for call, total in every.items() if total >= items}


def test_an_item_of_a_long_loop_is_stored_in_as_many_bytes_as_one_of_a_short_one(
    stack: RunningStack, runs: dict[int, str]
) -> None:
    sizes = {count: _stored_bytes(stack, run_id) for count, run_id in runs.items()}

    assert sizes[MANY] / MANY == pytest.approx(sizes[FEW] / FEW, rel=0.1)


def _stored_bytes(stack: RunningStack, run_id: str) -> int:
    pages = stack.clients.dynamodb.get_paginator("query").paginate(
        TableName=stack.outputs.runs_table,
        KeyConditionExpression="PK = :run",
        ExpressionAttributeValues={":run": {"S": run_key(run_id)["PK"]}},
    )
    return sum(len(str(row)) for page in pages for row in page["Items"])
