"""E-mail on the real stack: over SMTP to a server on loopback, and by the emulator's SES without set-up."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.peers.mail_server import MailServer, mail_server
from ventuno.access.model import Role
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.places import Place
from ventuno.runtime.access import create_key
from ventuno.runtime.accounts import add_account, remove_account
from ventuno.runtime.files import store_file
from ventuno_dev.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


@pytest.fixture
def account(server: MailServer, product: Product) -> Iterator[str]:
    account_id = f"smtp-{uuid.uuid4().hex[:8]}"
    fields: JsonObject = {
        "kind": "SMTP",
        "address": "shop@example.com",
        "host": "127.0.0.1",
        "port": server.port,
    }
    add_account({"id": account_id, "security": "NONE", **fields}, product.services)
    yield account_id
    remove_account(account_id, product.services)


def ran(product: Product, kind: str, given: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    slug = f"mail-{uuid.uuid4().hex[:8]}"
    address = product.activated(slug, defined(step("a", kind, given=given)))
    return product.finished(product.post(address, payload)["workflowRunId"])


def result_of(view: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    assert view["status"] == "COMPLETED", view["state"]["stepInfos"]
    return view["state"]["stepInfos"]["a"]["result"]


def test_a_message_with_a_file_goes_to_an_smtp_server(
    product: Product, server: MailServer, account: str
) -> None:
    stored = store_file("plan.txt", b"the plan", product.services)
    given = {
        "connectedAccountId": account,
        "recipients": {"to": "{{trigger.email}}", "bcc": "team@example.com"},
        "subject": "Welcome, {{trigger.name}}",
        "body": "<p>Dear <b>{{trigger.name}}</b></p><script>x</script>",
        "bodyFormat": "HTML",
        "files": "{{trigger.files}}",
    }
    view = ran(product, "SEND_EMAIL", given, {"email": "ada@example.com", "name": "<Ada>", "files": [stored]})
    result = result_of(view)
    (received,) = server.received
    (attached,) = received.message.iter_attachments()

    assert received.recipients == ["ada@example.com", "team@example.com"]
    assert received.message["Subject"] == "Welcome, <Ada>"
    assert received.message["Message-ID"] == result["headerMessageId"]
    assert result["sanitizedHtmlBody"] == "<p>Dear <b>&lt;Ada&gt;</b></p>"
    assert (attached.get_filename(), attached.get_content()) == ("plan.txt", "the plan")
    assert view["stepLogs"]["a"]["details"]["messageId"] == result["headerMessageId"]


def test_a_refused_recipient_fails_the_run_and_says_who_it_was(
    product: Product, server: MailServer, account: str
) -> None:
    server.refused = {"nobody@example.com": "550 5.1.1 unknown"}
    given = {"connectedAccountId": account, "recipients": {"to": "nobody@example.com"}, "subject": "x"}
    view = ran(product, "SEND_EMAIL", given, {})

    assert view["status"] == "FAILED"
    assert "nobody@example.com (550 5.1.1 unknown)" in view["state"]["stepInfos"]["a"]["error"]
    assert server.received == []


def test_without_set_up_a_message_is_kept_by_the_local_stack_and_listed(
    product: Product, stack: RunningStack, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = f"Hello {uuid.uuid4()}"
    given = {"recipients": {"to": "ada@example.com"}, "subject": subject, "body": "Dear Ada"}
    given["connectedAccountId"] = "local"
    view = ran(product, "SEND_EMAIL", given, {})
    result = result_of(view)
    assert main.run(["mails", "--data", str(stack.target.data), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["mails"]
    (message,) = [one for one in listed if one["subject"] == subject]

    assert (message["from"], message["to"]) == ("ventuno@example.com", ["ada@example.com"])
    assert message["text"].strip() == "Dear Ada"
    assert f"<{message['messageId']}>" == result["headerMessageId"]
    assert product.services.runs.load_all(view["id"]).by_place[Place("a")].calls == {
        "dynamodb:BatchGetItem": 1,  # the run and the step
        "dynamodb:GetItem": 1,  # the version, once per process
        "dynamodb:Query": 1,  # the accounts
        "dynamodb:PutItem": 2,  # that it is about to leave, and the step's end
        "dynamodb:UpdateItem": 1,  # that it has left
        "sesv2:SendEmail": 1,
    }


def test_an_invitation_is_sent_and_the_meeting_kept(
    product: Product, server: MailServer, account: str
) -> None:
    given = {
        "connectedAccountId": account,
        "title": "Call",
        "startsAt": "2026-12-01T10:00",
        "endsAt": "2026-12-01T11:00",
        "timeZone": "Europe/Rome",
        "attendees": "{{trigger.email}}",
        "sendInvitations": True,
    }
    result = result_of(ran(product, "CREATE_CALENDAR_EVENT", given, {"email": "ada@example.com"}))
    kept = product.services.records.get("calendarEvent", result["externalEventId"])
    kinds = [part.get_content_type() for part in server.received[0].message.walk()]

    assert kept["startsAt"] == "2026-12-01T09:00:00.000Z"
    assert "text/calendar" in kinds


def test_a_draft_is_sent_over_the_api_by_the_function_that_may_read_passwords(
    product: Product, server: MailServer, account: str
) -> None:
    given = {"connectedAccountId": account, "recipients": {"to": "ada@example.com"}, "subject": "Draft"}
    draft_id = result_of(ran(product, "DRAFT_EMAIL", given, {}))["draftId"]
    _, token = create_key("mail", Role.EDITOR, product.services)
    headers = {"Authorization": f"Bearer {token}"}
    before = len(server.received)
    answers = [
        product.http.post(f"{product.api_url}/drafts/{draft_id}/send", headers=headers) for _ in range(2)
    ]

    assert (before, [answer.status_code for answer in answers]) == (0, [200, 409]), answers[0].text
    assert server.received[0].message["Subject"] == "Draft"
    assert answers[0].json()["data"]["sendDraft"]["sentAt"]


def test_turns_are_taken_by_concurrent_runs_without_a_gap(product: Product) -> None:
    write = WriteContext(Actor("API", "test"))
    made = [product.services.records.create("company", {"name": f"c{n}"}, write) for n in range(3)]
    ids = sorted(str(one["id"]) for one in made)
    slug = f"turns-{uuid.uuid4().hex[:8]}"
    given = {"objectName": "company", "strategy": "ROUND_ROBIN", "recordIds": ids}
    address = product.activated(slug, defined(step("a", "PICK_RECORD", given=given)))
    runs = [product.post(address, {"n": n})["workflowRunId"] for n in range(9)]
    picked = [result_of(product.finished(run))["id"] for run in runs]

    assert sorted(picked) == sorted(ids * 3)
