"""Acceptance rows that the clock starts, at the shortest interval there is instead of their own.

All of them are switched on before the first test waits, so that they share one minute.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.acceptance.desk import Desk
from tests.peers.web_server import Page, Peer, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e

EVERY_MINUTE: Final = {"type": "MINUTES", "schedule": {"minute": 1}}
WITHIN: Final = 80.0
"""Seconds; a minute begins at the latest after 60, and Scheduler looks every second."""


@pytest.fixture(scope="module")
def shop() -> Iterator[Peer]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def products(shop: Peer) -> list[dict[str, Any]]:
    mark = uuid.uuid4().hex
    products = [
        {"sku": f"{mark}-{number}", "name": f"Chair {number}", "price": number + 0.5, "currency": "EUR"}
        for number in range(7)
    ]
    shop.pages["/products"] = Page(json.dumps(products).encode())
    return products


@pytest.fixture(scope="module")
def tasks(product: Product, key: str) -> dict[str, str]:
    """Tasks by what they are; their ids."""
    desk, past, future = Desk(product, key), "2026-01-01T08:00:00Z", "2100-01-01T08:00:00Z"
    fields = {
        "late": {"dueAt": past},
        "late and begun": {"dueAt": past, "status": "IN_PROGRESS"},
        "done": {"dueAt": past, "status": "DONE"},
        "not due yet": {"dueAt": future},
        "without a date": {},
    }
    return {what: desk.created("tasks", title=what, **given)["id"] for what, given in fields.items()}


@pytest.fixture(scope="module")
def clocked(
    product: Product, key: str, shop: Peer, products: list[dict[str, Any]], tasks: dict[str, str]
) -> Iterator[Desk]:
    """The desk of whoever switched everything on, once there is something to find."""
    assert products
    assert tasks
    opened = Desk(product, key)
    opened.switch_on("product-sync", {"https://shop.example": shop.url}, EVERY_MINUTE)
    opened.switch_on("mark-late-tasks", trigger=EVERY_MINUTE)
    yield opened
    opened.close()


@pytest.mark.row("A28")
def test_open_tasks_whose_day_has_passed_are_marked_late(
    desk: Desk, clocked: Desk, tasks: dict[str, str]
) -> None:
    desk.before = clocked.before
    view = desk.runs("mark-late-tasks", within=WITHIN)[0]
    late = {what for what, task in tasks.items() if desk.record("tasks", task)["late"]}

    assert view["status"] == "COMPLETED"
    assert late == {"late", "late and begun"}


@pytest.mark.row("A21")
def test_products_are_fetched_again_without_duplicates(
    desk: Desk, clocked: Desk, shop: Peer, products: list[dict[str, Any]]
) -> None:
    desk.before = clocked.before
    mark = products[0]["sku"].partition("-")[0]
    first = desk.runs("product-sync", within=WITHIN)[0]
    products[0]["name"] = "Armchair"
    shop.pages["/products"] = Page(json.dumps(products).encode())
    again = desk.rest("POST", "/workflows/product-sync/run")  # by hand, not to wait for another minute
    second = desk.finished(again["workflowRunId"])
    stored = desk.found("products", f"sku[startsWith]:{mark}")

    assert (first["status"], second["status"]) == ("COMPLETED", "COMPLETED")
    assert sorted(one["sku"] for one in stored) == sorted(one["sku"] for one in products)
    assert next(one["name"] for one in stored if one["sku"] == products[0]["sku"]) == "Armchair"
    assert {one["price"]["amountMicros"] for one in stored} == {n * 1_000_000 + 500_000 for n in range(7)}
