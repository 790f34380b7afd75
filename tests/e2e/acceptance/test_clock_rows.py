"""Acceptance rows that the clock starts, at the shortest interval there is instead of their own.

All of them are switched on before the first test waits, so that they share one minute.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.acceptance.desk import Desk
from tests.e2e.acceptance.letters import about, text_of
from tests.e2e.runs import statuses
from tests.peers.web_server import Page, Peer, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product
    from tests.peers.mail_server import MailServer

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
def members(product: Product, key: str) -> list[dict[str, Any]]:
    """Two members, the first of whom has two tasks today and one that is done."""
    desk = Desk(product, key)
    made = [
        desk.created(
            "workspaceMembers", userEmail=f"{uuid.uuid4().hex}@example.com", name={"firstName": name}
        )
        for name in ("Ada", "Grace")
    ]
    today = f"{product.services.clock.now():%Y-%m-%d}T23:59:59.999Z"
    for title, status in (("Call Acme", "TODO"), ("Write offer", "IN_PROGRESS"), ("Done already", "DONE")):
        desk.created("tasks", title=title, status=status, assigneeId=made[0]["id"], dueAt=today)
    desk.created("tasks", title="Later", assigneeId=made[1]["id"], dueAt="2100-01-01T08:00:00Z")
    return made


@pytest.fixture(scope="module")
def stale(product: Product, key: str) -> dict[str, Any]:
    desk, long_ago = Desk(product, key), "2026-01-01T08:00:00Z"
    desk.created("opportunities", name="Won long ago", stage="CUSTOMER", updatedAt=long_ago)
    return desk.created("opportunities", name=f"Stale {uuid.uuid4().hex}", updatedAt=long_ago)


@pytest.fixture(scope="module")
def clocked(request: pytest.FixtureRequest, product: Product, key: str, shop: Peer) -> Iterator[Desk]:
    """The desk of whoever switched everything on, once there is something to find."""
    for needed in ("products", "tasks", "members", "stale", "mail"):
        request.getfixturevalue(needed)
    opened = Desk(product, key)
    opened.switch_on("product-sync", {"https://shop.example": shop.url}, EVERY_MINUTE)
    for slug in ("mark-late-tasks", "tasks-due-today", "stale-opportunities"):
        opened.switch_on(slug, trigger=EVERY_MINUTE)
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


@pytest.mark.row("A3")
def test_each_member_gets_one_mail_with_the_tasks_of_today(
    desk: Desk, clocked: Desk, mail: MailServer, members: list[dict[str, Any]]
) -> None:
    desk.before = clocked.before
    view = desk.runs("tasks-due-today", within=WITHIN)[0]
    ada, grace = ([one for one in mail.received if each["userEmail"] in one.recipients] for each in members)

    assert view["status"] == "COMPLETED"
    assert len(ada) == len(grace) == 1
    assert ada[0].message["subject"] == "Due today: 2"
    assert "Good morning, Ada." in text_of(ada[0].message)
    assert "- Call Acme" in text_of(ada[0].message)
    assert "- Write offer" in text_of(ada[0].message)
    assert "Nothing is due today." in text_of(grace[0].message)


@pytest.mark.row("A14")
def test_stale_opportunities_are_mailed_and_none_are_not(
    desk: Desk, clocked: Desk, mail: MailServer, stale: dict[str, Any]
) -> None:
    desk.before = clocked.before
    view = desk.runs("stale-opportunities", within=WITHIN)[0]
    sent = [text_of(message) for message in about(mail, "Stale opportunities")]
    desk.changed("opportunities", stale["id"], name="Touched")
    again = desk.finished(desk.rest("POST", "/workflows/stale-opportunities/run")["workflowRunId"])

    assert view["status"] == again["status"] == "COMPLETED"
    assert f"- {stale['name']}: untouched since 2026-01-01" in sent[0]
    assert "Won long ago" not in sent[0]
    assert statuses(again)["are_there_any"] == "STOPPED"
    assert len(about(mail, "Stale opportunities")) == len(sent)
