"""Acceptance rows that send e-mail, over a real SMTP server on this machine."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.acceptance.letters import about, text_of, to
from tests.e2e.runs import statuses
from tests.peers.web_server import Page

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk
    from tests.peers.mail_server import MailServer
    from tests.peers.web_server import Peer

pytestmark = pytest.mark.e2e
Json = dict[str, Any]
TEAM = "sales-team@example.com"


def an_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def euros(amount: int) -> Json:
    return {"amountMicros": amount * 1_000_000, "currencyCode": "EUR"}


def a_member(desk: Desk, first_name: str = "Ada") -> Json:
    return desk.created("workspaceMembers", userEmail=an_email(), name={"firstName": first_name})


@pytest.mark.row("A6")
def test_the_reviewer_of_a_note_is_told_and_nobody_when_it_is_cleared(desk: Desk, mail: MailServer) -> None:
    member = a_member(desk)
    note = desk.created("notes", title="Plan")
    desk.switch_on("note-reviewer")
    desk.changed("notes", note["id"], reviewerId=member["id"])
    desk.changed("notes", note["id"], reviewerId=None)
    told, cleared = desk.runs("note-reviewer", 2, note["id"])
    (message,) = to(mail, member["userEmail"])

    assert (told["status"], cleared["status"]) == ("COMPLETED", "COMPLETED")
    assert statuses(cleared)["has_reviewer"] == "STOPPED"
    assert message["subject"] == "Please review: Plan"
    assert "Hello Ada" in text_of(message)


@pytest.mark.row("A11")
def test_a_won_opportunity_makes_a_customer_a_task_and_two_mails(desk: Desk, mail: MailServer) -> None:
    owner, name = a_member(desk), uuid.uuid4().hex
    company = desk.created("companies", name="Acme")
    deal = desk.created("opportunities", name=name, companyId=company["id"], ownerId=owner["id"])
    desk.switch_on("closed-won")
    desk.changed("opportunities", deal["id"], stage="PROPOSAL")
    desk.changed("opportunities", deal["id"], stage="CUSTOMER")
    other, won = desk.runs("closed-won", 2, deal["id"])
    (target,) = desk.found("taskTargets", f"targetOpportunityId[eq]:{deal['id']}")
    task = desk.record("tasks", target["taskId"])
    team, own = about(mail, name)

    assert (other["status"], won["status"]) == ("COMPLETED", "COMPLETED")
    assert [status for status in statuses(other).values() if status == "SUCCESS"] == []
    assert desk.record("companies", company["id"])["lifecycle"] == "CUSTOMER"
    assert (task["title"], task["assigneeId"]) == (f"Hand over {name}", owner["id"])
    assert (team["to"], own["to"]) == (TEAM, owner["userEmail"])
    assert "Acme is a customer now" in text_of(team)


@pytest.mark.row("A12")
def test_a_lost_opportunity_asks_for_reasons_and_tells_the_team(desk: Desk, mail: MailServer) -> None:
    name = uuid.uuid4().hex
    company = desk.created("companies", name="Acme")
    deal = desk.created("opportunities", name=name, companyId=company["id"])
    desk.switch_on("closed-lost")
    desk.changed("opportunities", deal["id"], phase="LOST")
    (view,) = desk.runs("closed-lost", 1, deal["id"])
    (message,) = about(mail, name)

    assert view["status"] == "COMPLETED"
    assert len(desk.found("tasks", f"title[ilike]:%{name}%")) == 1
    assert desk.record("companies", company["id"])["lifecycle"] == "LOST"
    assert message["to"] == TEAM


@pytest.mark.row("A24")
def test_a_new_person_is_welcomed_and_gets_the_mail_of_its_source(desk: Desk, mail: MailServer) -> None:
    slugs = ("welcome-mail", "mail-by-lead-source")
    for slug in slugs:
        desk.switch_on(slug)
    person = desk.created(
        "people", emails={"primaryEmail": an_email()}, name={"firstName": "Grace"}, leadSource="EVENT"
    )
    silent = desk.created("people", name={"firstName": "Nobody"})
    welcomed, routed, none = (
        desk.runs(slug, 1, record)[0]
        for slug, record in ((slugs[0], person["id"]), (slugs[1], person["id"]), (slugs[1], silent["id"]))
    )
    subjects = {str(message["subject"]) for message in to(mail, person["emails"]["primaryEmail"])}

    assert {view["status"] for view in (welcomed, routed, none)} == {"COMPLETED"}
    assert subjects == {"Welcome!", "It was nice to meet you"}
    assert set(statuses(none).values()) == {"STOPPED", "SKIPPED"}


@pytest.mark.row("A26")
@pytest.mark.parametrize(("amount", "large"), [(50_000, True), (49_999, False)])
def test_a_deal_goes_to_the_chat_or_to_the_team_by_its_size(
    desk: Desk, mail: MailServer, peer: Peer, amount: int, *, large: bool
) -> None:
    name = uuid.uuid4().hex
    peer.pages["/services/deals"] = Page(b"ok", "text/plain")
    deal = desk.created("opportunities", name=name)
    desk.switch_on("route-by-deal-size", {"https://hooks.chat.example": peer.url})
    desk.changed("opportunities", deal["id"], amount=euros(amount))
    (view,) = desk.runs("route-by-deal-size", 1, deal["id"])

    assert view["status"] == "COMPLETED"
    assert [json.loads(seen.body)["text"] for seen in peer.seen] == [f"Large deal: {name}"] * large
    assert len(about(mail, name)) == (not large)


@pytest.mark.row("A27")
def test_the_team_hears_of_a_contract_after_both_sides_are_done(desk: Desk, mail: MailServer) -> None:
    contract = uuid.uuid4().hex
    company = desk.created("companies", name="Acme")
    address = desk.switch_on("process-then-notify")
    answer = desk.product.post(address, {"companyId": company["id"], "contract": contract})
    view = desk.finished(answer["workflowRunId"])
    infos = view["state"]["stepInfos"]
    (message,) = about(mail, contract)

    assert view["status"] == "COMPLETED"
    before = max(infos[side]["endedAt"] for side in ("update_company", "create_task"))
    assert before <= infos["tell_team"]["startedAt"]
    assert f'Acme has signed. The task is "Onboarding for {contract}"' in text_of(message)


@pytest.mark.row("A29")
def test_a_loop_goes_on_behind_somebody_without_an_address(desk: Desk, mail: MailServer) -> None:
    company = desk.created("companies", name=uuid.uuid4().hex)
    addresses = [an_email(), None, an_email(), None]
    for address in addresses:
        desk.created("people", emails={"primaryEmail": address}, companyId=company["id"])
    desk.switch_on("mail-people-of-company")
    desk.rest("POST", "/workflows/mail-people-of-company/run-on-records", {"ids": [company["id"]]})
    (view,) = desk.runs("mail-people-of-company")
    filtered = view["state"]["stepInfos"]["has_address"]

    assert view["status"] == "COMPLETED"
    assert [one["status"] for one in (*filtered["history"], filtered)] == ["SUCCESS", "STOPPED"] * 2
    assert [message["to"] for message in about(mail, company["name"])] == [one for one in addresses if one]


@pytest.mark.row("A30")
def test_companies_are_given_to_the_members_in_turns(desk: Desk) -> None:
    members = sorted(desk.created("workspaceMembers", userEmail=an_email())["id"] for _ in range(3))
    everybody = sorted(one["id"] for one in desk.found("workspaceMembers", "id[is]:NOT_NULL"))
    desk.switch_on("assign-owner")
    owners = []
    for number in range(len(everybody) + 2):
        company = desk.created("companies", name=f"Lead {number}")
        (view,) = desk.runs("assign-owner", 1, company["id"])
        assert view["status"] == "COMPLETED"
        owners.append(desk.record("companies", company["id"])["accountOwnerId"])
    turn = everybody.index(owners[0])

    assert set(members) <= set(owners)
    assert owners == [everybody[(turn + number) % len(everybody)] for number in range(len(owners))]


@pytest.mark.row("A31")
def test_the_team_hears_whom_a_deletion_was_about(desk: Desk, mail: MailServer) -> None:
    email, name = an_email(), uuid.uuid4().hex
    names = {"firstName": "Ada", "lastName": name}
    person = desk.created("people", emails={"primaryEmail": email}, name=names)
    desk.switch_on("delete-follow-up")
    desk.rest("DELETE", f"/rest/people/{person['id']}?soft_delete=true")
    (view,) = desk.runs("delete-follow-up", 1, person["id"])
    (message,) = about(mail, name)

    assert view["status"] == "COMPLETED"
    assert message["subject"] == f"Deleted: Ada {name}"
    assert email in text_of(message)
