"""Acceptance rows about companies and their opportunities."""

from __future__ import annotations

import json
import uuid
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from tests.e2e.runs import statuses
from tests.peers.web_server import Page
from ventuno.runtime.secrets import store_secret

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk
    from tests.peers.web_server import Peer

pytestmark = pytest.mark.e2e
Json = dict[str, Any]


def euros(amount: int) -> Json:
    return {"amountMicros": amount * 1_000_000, "currencyCode": "EUR"}


def a_url() -> str:
    return f"https://{uuid.uuid4().hex}.example"


def a_company(desk: Desk, **fields: Any) -> Json:  # noqa: ANN401 - any JSON
    return desk.created("companies", **{"name": "Acme", "domainName": {"primaryLinkUrl": a_url()}} | fields)


@pytest.mark.row("A7")
def test_the_contact_of_an_opportunity_is_shown_on_it(desk: Desk) -> None:
    email = f"{uuid.uuid4().hex}@acme.example"
    person = desk.created("people", emails={"primaryEmail": email}, jobTitle="CFO")
    deal = desk.created("opportunities", name="Deal")
    desk.switch_on("copy-contact-to-opportunity")
    desk.changed("opportunities", deal["id"], pointOfContactId=person["id"])
    (copied,) = desk.runs("copy-contact-to-opportunity", 1, deal["id"])
    shown = desk.record("opportunities", deal["id"])
    desk.changed("opportunities", deal["id"], pointOfContactId=None)
    _, cleared = desk.runs("copy-contact-to-opportunity", 2, deal["id"])

    assert copied["status"] == "COMPLETED"
    assert (shown["contactEmail"], shown["contactJobTitle"]) == (email, "CFO")
    assert statuses(cleared)["has_contact"] == "STOPPED"


@pytest.mark.row("A8")
def test_all_opportunities_of_a_company_are_updated_one_after_the_other(desk: Desk) -> None:
    company, other = a_company(desk), a_company(desk)
    deals = [desk.created("opportunities", name=f"Deal {n}", companyId=company["id"]) for n in range(5)]
    foreign = desk.created("opportunities", name="Other", companyId=other["id"])
    desk.switch_on("sync-company-to-opportunities")
    desk.changed("companies", company["id"], tier="GOLD")
    (view,) = desk.runs("sync-company-to-opportunities", record=company["id"])
    copied = view["state"]["stepInfos"]["copy_fields"]
    times = [(entry["startedAt"], entry["endedAt"]) for entry in (*copied["history"], copied)]

    assert view["status"] == "COMPLETED"
    assert {desk.record("opportunities", deal["id"])["companyTier"] for deal in deals} == {"GOLD"}
    assert desk.record("opportunities", foreign["id"])["companyTier"] is None
    assert all(ended <= begun for (_, ended), (begun, _) in pairwise(times))


@pytest.mark.row("A9")
def test_a_new_opportunity_takes_over_what_is_known_of_its_company(desk: Desk) -> None:
    company = a_company(desk, tier="SILVER")
    desk.switch_on("prefill-opportunity")
    alone = desk.created("opportunities", name="Without a company")
    named = desk.created("opportunities", name="My deal", companyId=company["id"])
    unnamed = desk.created("opportunities", companyId=company["id"])
    # The trigger lets `alone` pass by; it was written first.
    desk.runs("prefill-opportunity", 1, named["id"])
    desk.runs("prefill-opportunity", 1, unnamed["id"])
    shown = [desk.record("opportunities", deal["id"]) for deal in (alone, named, unnamed)]

    assert [deal["name"] for deal in shown] == ["Without a company", "My deal", "Deal with Acme"]
    assert [deal["companyTier"] for deal in shown] == [None, "SILVER", "SILVER"]
    assert [view["status"] for view in desk.views.values()] == ["COMPLETED", "COMPLETED"]


@pytest.mark.row("A10")
def test_two_workflows_that_update_each_other_come_to_rest(desk: Desk) -> None:
    of_company, of_person = "primary-contact-of-company", "primary-contact-of-person"
    company = a_company(desk)
    ada, grace = (desk.created("people", jobTitle=title) for title in ("CTO", "CEO"))
    for slug in (of_company, of_person):
        desk.switch_on(slug)
    desk.changed("companies", company["id"], primaryContactId=ada["id"])
    desk.runs(of_company, 1, company["id"])
    desk.runs(of_person, 1, ada["id"])
    desk.changed("people", grace["id"], primaryContactOfId=company["id"])
    # Grace's run updates the company, whose run updates Ada, whose run finds everything right.
    desk.runs(of_person, 1, grace["id"])
    desk.runs(of_company, 2, company["id"])
    desk.runs(of_person, 2, ada["id"])
    # What those runs wrote is told before this write, so that no further run is on its way.
    desk.changed("companies", company["id"], primaryContactId=None)
    views = desk.runs(of_company, 3, company["id"])
    desk.runs(of_person, 2, grace["id"])

    assert len(views) == 3
    assert len(desk.runs(of_person, 2, ada["id"])) == 2
    assert len(desk.runs(of_person, 2, grace["id"])) == 2
    assert {view["status"] for view in desk.views.values()} == {"COMPLETED"}
    assert [desk.record("people", each["id"])["primaryContactOfId"] for each in (ada, grace)] == [None, None]


@pytest.mark.row("A13")
def test_a_won_opportunity_starts_four_tasks_with_due_dates(desk: Desk) -> None:
    name = uuid.uuid4().hex
    deal = desk.created("opportunities", name=name)
    desk.switch_on("onboarding-tasks")
    desk.changed("opportunities", deal["id"], phase="OFFER")
    desk.changed("opportunities", deal["id"], phase="WON")
    other, won = desk.runs("onboarding-tasks", 2, deal["id"])
    tasks = desk.found("tasks", f"title[ilike]:%{name}%")

    assert (other["status"], won["status"]) == ("COMPLETED", "COMPLETED")
    assert statuses(other)["is_won"] == "STOPPED"
    assert len({task["dueAt"] for task in tasks if task["dueAt"]}) == len(tasks) == 4


@pytest.mark.row("A16")
def test_a_merge_of_seven_branches_runs_once_whichever_passes(desk: Desk) -> None:
    deal = desk.created("opportunities", name="Deal", amount=euros(400))
    desk.switch_on("expected-amount-by-phase")
    desk.changed("opportunities", deal["id"], phase="OFFER")
    (by_phase,) = desk.runs("expected-amount-by-phase", 1, deal["id"])
    first = desk.record("opportunities", deal["id"])
    # Events of a record come in order, so from here on that of its creation, with an amount, is past.
    desk.switch_on("expected-amount")
    desk.changed("opportunities", deal["id"], amount=euros(100))
    (by_amount,) = desk.runs("expected-amount", 1, deal["id"])
    second = desk.record("opportunities", deal["id"])
    told = list(statuses(by_phase).values())

    assert (by_phase["status"], by_amount["status"]) == ("COMPLETED", "COMPLETED")
    assert (told.count("STOPPED"), told.count("SKIPPED"), told.count("SUCCESS")) == (6, 6, 6)
    assert desk.executions(by_phase)["store"] == desk.executions(by_phase)["has_amount"] == 1
    assert (first["probability"], first["expectedAmount"], second["expectedAmount"]) == (
        50,
        euros(200),
        euros(50),
    )


@pytest.mark.row("A16")
def test_without_an_amount_the_merge_stops_and_the_run_completes(desk: Desk) -> None:
    deal = desk.created("opportunities", name="Deal")
    desk.switch_on("expected-amount-by-phase")
    desk.changed("opportunities", deal["id"], phase="WON")
    (view,) = desk.runs("expected-amount-by-phase", 1, deal["id"])

    assert view["status"] == "COMPLETED"
    assert statuses(view)["has_amount"] == "STOPPED"
    assert desk.record("opportunities", deal["id"])["probability"] == 100


@pytest.mark.row("A17")
def test_only_the_stage_that_was_left_gets_its_days(desk: Desk) -> None:
    fields = {"createdAt": "2026-01-01T00:00:00Z", "stageEnteredAt": None, "stage": "SCREENING"}
    deal = desk.created("opportunities", **fields)
    desk.switch_on("time-in-stage")
    desk.changed("opportunities", deal["id"], stage="MEETING")
    (view,) = desk.runs("time-in-stage", 1, deal["id"])
    shown = desk.record("opportunities", deal["id"])
    days = {name: value for name, value in shown.items() if name.startswith("daysIn")}
    told = statuses(view)

    assert view["status"] == "COMPLETED"
    assert days.pop("daysInScreening") > 0
    assert set(days.values()) == {None}
    assert [step for step in told if step.startswith("store") and told[step] == "SUCCESS"] == [
        "store_screening"
    ]
    assert shown["stageEnteredAt"] is not None


@pytest.mark.row("A22")
def test_a_rendered_pdf_is_attached_to_its_company(desk: Desk, peer: Peer) -> None:
    pdf, url = b"%PDF-1.7 \xff\x00\xfe", f"{a_url()}/1.pdf"
    peer.pages = {
        "/render": Page(pdf, "application/pdf"),
        "/files": Page(json.dumps({"url": url}).encode()),
    }
    company = a_company(desk)
    desk.switch_on(
        "generate-pdf", {"https://pdf.example": peer.url, "https://files.example/files": f"{peer.url}/files"}
    )
    desk.rest("POST", "/workflows/generate-pdf/run-on-records", {"ids": [company["id"]]})
    (view,) = desk.runs("generate-pdf")
    (attachment,) = desk.found("attachments", f"targetCompanyId[eq]:{company['id']}")
    rendered, kept = peer.seen

    assert view["status"] == "COMPLETED"
    assert json.loads(rendered.body)["title"] == "Acme"
    assert kept.body == pdf
    assert (attachment["name"], attachment["file"][0]["url"]) == ("Acme.pdf", url)


@pytest.mark.row("A23")
def test_a_won_opportunity_is_posted_as_json_to_one_system_and_as_a_form_to_another(
    desk: Desk, peer: Peer
) -> None:
    token = f"token-{uuid.uuid4().hex}"
    peer.pages = {path: Page(b"{}") for path in ("/quotes", "/v1/invoiceitems")}
    for name in ("QUOTES_TOKEN", "STRIPE_KEY"):
        store_secret(name, token, desk.product.services)
    company = a_company(desk, name="Acme & Söhne")
    deal = desk.created("opportunities", name="100 chairs", amount=euros(1250), companyId=company["id"])
    desk.switch_on("send-quote", {"https://quotes.example": peer.url})
    desk.switch_on("stripe-invoice", {"https://stripe.example": peer.url})
    desk.changed("opportunities", deal["id"], phase="WON")
    views = [*desk.runs("send-quote", 1, deal["id"]), *desk.runs("stripe-invoice", 1, deal["id"])]
    quote = next(seen for seen in peer.seen if seen.path == "/quotes")
    item = next(seen for seen in peer.seen if seen.path == "/v1/invoiceitems")

    assert [view["status"] for view in views] == ["COMPLETED", "COMPLETED"]
    assert {seen.headers["Authorization"] for seen in peer.seen} == {f"Bearer {token}"}
    assert json.loads(quote.body)["lines"] == [{"text": "100 chairs", "amount": 1250}]
    assert json.loads(quote.body)["customer"] == "Acme & Söhne"
    assert parse_qs(item.body.decode()) == {
        "amount": ["125000"],
        "currency": ["eur"],
        "description": ["100 chairs for Acme & Söhne"],
    }
