"""Acceptance rows about people: made by hand, by mail, and their formula fields."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.e2e.runs import statuses

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk, Json

pytestmark = pytest.mark.e2e
MORE_THAN_A_PAGE = 203


def a_domain() -> str:
    return f"{uuid.uuid4().hex}.example"


def a_person(desk: Desk, email: str, source: str = "MANUAL") -> Json:
    return desk.created("people", emails={"primaryEmail": email}, createdBy={"source": source})


@pytest.mark.row("A1")
def test_a_form_about_a_lead_makes_a_company_and_its_person(desk: Desk) -> None:
    domain = a_domain()
    desk.switch_on("quick-lead")
    run_id = desk.rest("POST", "/workflows/quick-lead/run")["workflowRunId"]
    desk.until(
        lambda: desk.show(run_id)["state"]["stepInfos"]["ask"]["status"] == "PENDING", "the form waits"
    )
    waiting = desk.show(run_id)["status"]
    answer = {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "email": f"ada@{domain}",
        "jobTitle": "Analyst",
        "companyName": "Engines",
        "companyDomain": f"https://{domain}",
    }
    desk.rest("POST", f"/runs/{run_id}/forms/ask", answer)
    view = desk.finished(run_id)
    (person,) = desk.found("people", f"emails.primaryEmail[eq]:ada@{domain}")
    (company,) = desk.found("companies", f"domainName.primaryLinkUrl[eq]:https://{domain}")

    assert (waiting, view["status"]) == ("RUNNING", "COMPLETED")
    assert (company["name"], person["companyId"]) == ("Engines", company["id"])


@pytest.mark.row("A2")
def test_a_private_address_makes_no_company(desk: Desk) -> None:
    desk.switch_on("company-of-new-person")
    person = a_person(desk, f"{uuid.uuid4().hex}@gmail.com")
    (view,) = desk.runs("company-of-new-person", record=person["id"])
    told = statuses(view)

    assert view["status"] == "COMPLETED"
    assert told.pop("look_at_address") == "SUCCESS"
    assert told.pop("business_only") == "STOPPED"
    assert set(told.values()) == {"SKIPPED"}


@pytest.mark.row("A2")
def test_the_company_of_a_business_address_is_made_once_and_then_linked(desk: Desk) -> None:
    domain = a_domain()
    desk.switch_on("company-of-new-person")
    first = a_person(desk, f"ada@{domain}")
    (made,) = desk.runs("company-of-new-person", record=first["id"])
    second = a_person(desk, f"grace@{domain}")
    (linked,) = desk.runs("company-of-new-person", record=second["id"])
    (company,) = desk.found("companies", f"domainName.primaryLinkUrl[ilike]:%{domain}%")

    assert (made["status"], linked["status"]) == ("COMPLETED", "COMPLETED")
    assert statuses(made)["link_to_known"] == statuses(linked)["create_company"] == "SKIPPED"
    assert {desk.record("people", each["id"])["companyId"] for each in (first, second)} == {company["id"]}


@pytest.mark.row("A2")
def test_a_longer_domain_with_the_same_end_is_another_company(desk: Desk) -> None:
    domain = a_domain()
    other = desk.created("companies", domainName={"primaryLinkUrl": f"https://not-{domain}"})
    desk.switch_on("company-of-new-person")
    person = a_person(desk, f"ada@{domain}")
    (view,) = desk.runs("company-of-new-person", record=person["id"])

    assert statuses(view)["create_company"] == "SUCCESS"
    assert desk.record("people", person["id"])["companyId"] not in {None, other["id"]}


@pytest.mark.row("A2")
@pytest.mark.parametrize("source", ["EMAIL", "CALENDAR"])
def test_people_of_a_synchronisation_start_no_run(desk: Desk, source: str) -> None:
    desk.switch_on("company-of-new-person")
    synced = a_person(desk, f"ada@{a_domain()}", source)
    by_hand = a_person(desk, f"ada@{a_domain()}")
    # The stream tells writes in their order, so what the first one starts would be there by now.
    (view,) = desk.runs("company-of-new-person")

    assert view["state"]["stepInfos"]["trigger"]["result"]["recordId"] == by_hand["id"]
    assert desk.record("people", synced["id"])["companyId"] is None


@pytest.mark.row("A4")
def test_e_mails_are_counted_beyond_two_hundred(desk: Desk) -> None:
    handle = f"{uuid.uuid4().hex}@example.com"
    earlier = [{"role": "FROM", "handle": handle} for _ in range(MORE_THAN_A_PAGE)]
    for some in (earlier[:200], earlier[200:]):
        desk.rest("POST", "/rest/batch/messageParticipants", some)
    desk.switch_on("received-emails")
    received = desk.created("messageParticipants", role="TO", handle=handle)
    sent = desk.created("messageParticipants", role="FROM", handle=handle)
    (stopped,) = desk.runs("received-emails", record=received["id"])
    (counted,) = desk.runs("received-emails", record=sent["id"])
    (person,) = desk.found("people", f"emails.primaryEmail[eq]:{handle}")

    assert statuses(stopped) == {
        "senders_only": "STOPPED",
        "count_messages": "SKIPPED",
        "store_count": "SKIPPED",
    }
    assert counted["status"] == "COMPLETED"
    assert person["receivedEmails"] == MORE_THAN_A_PAGE + 1
