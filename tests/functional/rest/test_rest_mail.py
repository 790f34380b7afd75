"""Accounts, drafts and files over the API."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step
from ventuno import errors
from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

SALES = {"id": "sales", "kind": "SES", "address": "sales@example.com", "name": "Sales"}
SMTP = {
    "id": "shop",
    "kind": "SMTP",
    "address": "shop@example.com",
    "host": "mail.example.com",
    "security": "STARTTLS",
    "username": "shop",
    "passwordSecret": "SHOP_MAIL",
}
MAIL = {"recipients": {"to": "ada@example.com"}, "subject": "Hi", "body": "Hello {{trigger.name}}"}


def listed(api: Api, what: str = "accounts") -> list[dict[str, Any]]:
    status, body = api("GET", f"/{what}")
    assert status == 200
    return list(body["data"][what])


def connected(api: Api, fields: dict[str, Any]) -> tuple[int, Any]:
    return api("POST", "/accounts", fields, role=Role.ADMIN)


def drafted(api: Api) -> str:
    """Let a run write a draft and return its id."""
    assert connected(api, SALES)[0] == 201
    run = api.world.begin(step("a", "DRAFT_EMAIL", given=MAIL))
    api.world.call(run)
    (draft,) = listed(api, "drafts")
    return str(draft["id"])


def test_accounts_are_connected_changed_and_removed(api: Api) -> None:
    first, made = connected(api, SALES)[0], connected(api, SMTP)[1]["data"]["createAccount"]
    changed = api("PUT", "/accounts/sales", {"kind": "SES", "address": "new@example.com"}, role=Role.ADMIN)
    before = listed(api)
    removed = api("DELETE", "/accounts/shop", role=Role.ADMIN)

    assert (first, changed[0], removed[0]) == (201, 200, 200)
    assert SMTP.items() <= made.items()
    assert [(one["id"], one["address"]) for one in before] == [
        ("sales", "new@example.com"),
        ("shop", "shop@example.com"),
    ]
    assert [one["id"] for one in listed(api)] == ["sales"]


def test_an_account_without_an_id_gets_one(api: Api) -> None:
    _, body = connected(api, {"kind": "SES", "address": "a@example.com"})

    assert len(body["data"]["createAccount"]["id"]) == 36


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({**SALES, "id": "taken"}, 409, "taken already"),
        ({**SALES, "id": "a b"}, 400, "account.id"),
        ({**SALES, "kind": "POP"}, 400, "account.kind"),
        ({**SALES, "address": "sales"}, 400, "no e-mail address"),
        ({**SALES, "address": "Sales <sales@example.com>"}, 400, "address alone"),
        ({**SALES, "name": "a\r\nBcc: b@x.com"}, 400, "line break"),
        ({**SALES, "host": "mail.example.com"}, 400, "no server"),
        ({**SALES, "pasword": "x"}, 400, "pasword"),
        ({**SMTP, "host": None}, 400, "needs the host"),
        ({**SMTP, "host": "a b"}, 400, "account.host"),
        ({**SMTP, "port": 0}, 400, "account.port"),
        ({**SMTP, "username": None}, 400, "belong together"),
        ({**SMTP, "passwordSecret": "not a name"}, 400, "account.passwordSecret"),
        ({**SMTP, "security": "SSL"}, 400, "TLS"),
        ({}, 400, "account.kind"),
    ],
)
def test_a_wrong_account_is_refused_with_what_to_do(
    api: Api, fields: dict[str, Any], status: int, told: str
) -> None:
    connected(api, {**SALES, "id": "taken"})
    answered, body = connected(api, fields)

    assert (answered, told in " ".join(body["messages"])) == (status, True), body
    assert [one["id"] for one in listed(api)] == ["taken"]


@pytest.mark.parametrize(
    ("method", "address", "body", "role", "status"),
    [
        ("GET", "/accounts", None, Role.RUNNER, 403),
        ("POST", "/accounts", SALES, Role.EDITOR, 403),
        ("PUT", "/accounts/sales", SALES, Role.EDITOR, 403),
        ("DELETE", "/accounts/sales", None, Role.EDITOR, 403),
        ("PUT", "/accounts/none", {"kind": "SES", "address": "a@x.com"}, Role.ADMIN, 404),
        ("PUT", "/accounts/none", SALES, Role.ADMIN, 400),
        ("DELETE", "/accounts/none", None, Role.ADMIN, 404),
        ("GET", "/drafts", None, Role.RUNNER, 403),
        ("POST", "/drafts/x/send", None, Role.RUNNER, 403),
        ("GET", "/drafts/none", None, Role.EDITOR, 404),
        ("POST", "/drafts/none/send", {}, Role.EDITOR, 404),
        ("DELETE", "/drafts/none", None, Role.EDITOR, 404),
        ("POST", "/files", {"name": "a", "base64": "aGk="}, Role.RUNNER, 403),
        ("POST", "/files", {"name": "a", "base64": "no base64"}, Role.EDITOR, 400),
        ("POST", "/files", {"name": "a/b", "base64": "aGk="}, Role.EDITOR, 400),
        ("POST", "/files", {"name": "", "base64": "aGk="}, Role.EDITOR, 400),
        ("POST", "/files", {"name": "a\nb", "base64": "aGk="}, Role.EDITOR, 400),
        ("POST", "/files", {"name": "a"}, Role.EDITOR, 400),
        ("GET", "/accounts", None, None, 401),
        ("GET", "/drafts", None, None, 401),
        ("POST", "/files", {}, None, 401),
    ],
)
def test_who_may_not_and_what_is_not_there_is_refused(
    api: Api,
    method: str,
    address: str,
    body: dict[str, Any] | None,
    role: Role | None,
    status: int,
) -> None:
    assert api(method, address, body, role=role)[0] == status


def test_a_draft_is_shown_and_sent_once(api: Api) -> None:
    draft_id = drafted(api)
    _, shown = api("GET", f"/drafts/{draft_id}")
    status, sent = api("POST", f"/drafts/{draft_id}/send", {})
    again, told = api("POST", f"/drafts/{draft_id}/send", {"again": True})

    assert shown["data"]["draft"]["text"] == "Hello Acme"
    assert (status, again) == (200, 409)
    assert sent["data"]["sendDraft"]["messageId"] == api.world.mail.messages[0]["Message-ID"]
    assert "was sent at" in told["messages"][0]
    assert len(api.world.mail.sent) == 1
    assert listed(api, "drafts")[0]["sentAt"]


def test_a_draft_that_may_have_been_sent_is_sent_again_only_on_demand(api: Api) -> None:
    draft_id = drafted(api)
    api.world.mail.after = [errors.MailUnsureError("it may have been sent")]
    bodies: Any = ({}, {}, {"again": True}, {"again": True})
    statuses = [api("POST", f"/drafts/{draft_id}/send", body)[0] for body in bodies]

    assert statuses == [409, 409, 200, 409]
    assert len(api.world.mail.sent) == 2


def test_a_draft_that_cannot_be_sent_says_why_and_can_be_sent_later(api: Api) -> None:
    draft_id = drafted(api)
    api.world.mail.before = [errors.MailRefusedError("550 nobody of that name")]
    refused = api("POST", f"/drafts/{draft_id}/send", {})

    assert (refused[0], refused[1]["messages"]) == (400, ["550 nobody of that name"])
    assert api("POST", f"/drafts/{draft_id}/send", {"later": 1})[0] == 400
    assert api("POST", f"/drafts/{draft_id}/send", {})[0] == 200


def test_a_draft_whose_account_is_gone_or_that_is_discarded_is_not_sent(api: Api) -> None:
    draft_id = drafted(api)
    api("DELETE", "/accounts/sales", role=Role.ADMIN)
    status, told = api("POST", f"/drafts/{draft_id}/send", {})

    assert (status, "is gone" in told["messages"][0]) == (400, True)
    assert api("DELETE", f"/drafts/{draft_id}")[0] == 200
    assert api("GET", f"/drafts/{draft_id}")[0] == 404
    assert api.world.mail.sent == []


def test_a_stored_file_can_be_attached(api: Api) -> None:
    connected(api, SALES)
    _, body = api("POST", "/files", {"name": "plan.pdf", "base64": base64.b64encode(b"%PDF").decode()})
    stored = body["data"]["createFile"]
    run = api.world.begin(
        step("a", "SEND_EMAIL", given={**MAIL, "files": ["{{trigger.files}}"]}), payload={"files": [stored]}
    )
    api.world.call(run)
    (attached,) = api.world.mail.messages[0].iter_attachments()

    assert (stored["label"], stored["extension"]) == ("plan.pdf", "pdf")
    assert (attached.get_filename(), attached.get_content()) == ("plan.pdf", b"%PDF")
