"""`ventuno accounts`, `drafts` and `files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import step

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

MAIL = {"recipients": {"to": "ada@example.com"}, "subject": "Hi", "body": "Hello"}


@pytest.mark.parametrize(
    ("server", "read"),
    [
        ((), {"kind": "SES"}),
        (
            ("--server", "smtps://me%40x@mail.example.com", "--password-secret", "P"),
            {
                "kind": "SMTP",
                "security": "TLS",
                "host": "mail.example.com",
                "username": "me@x",
            },
        ),
        (("--server", "smtp://mail.example.com:26"), {"security": "STARTTLS", "port": 26}),
        (
            ("--server", "smtp-plain://127.0.0.1:1025"),
            {"security": "NONE", "port": 1025},
        ),
        (("--member", "m"), {"workspaceMemberId": "m"}),
    ],
)
def test_an_account_is_read_of_a_sender_and_a_server(
    ventuno: CommandLine, server: tuple[str, ...], read: dict[str, object]
) -> None:
    added = ventuno("accounts", "add", "sales", "Sales <sales@example.com>", *server, "--json")

    assert {
        "id": "sales",
        "address": "sales@example.com",
        "name": "Sales",
        **read,
    }.items() <= added.value.items()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("sales", "nobody"), 1, "no e-mail address"),
        (("sales", "a@x.com", "--server", "mail.example.com"), 2, "smtps://user@"),
        (("sales", "a@x.com", "--server", "imap://mail.example.com"), 2, "is no server"),
        (("sales", "a@x.com", "--server", "smtp://u:secret@mail.example.com"), 2, "does not belong here"),
        (("sales", "a@x.com", "--server", "smtp://mail.example.com:99999"), 2, "no port"),
        (("sales", "a@x.com", "--server", "smtp://u@mail.example.com"), 1, "belong together"),
    ],
)
def test_a_wrong_account_is_explained(
    ventuno: CommandLine, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = ventuno("accounts", "add", *words)

    assert (ended.code, told in ended.err) == (code, True), ended.err
    assert "secret@" not in ended.err
    assert ventuno("accounts", "list").out.startswith("there are no accounts")


def test_a_missing_password_is_pointed_out(ventuno: CommandLine) -> None:
    server = ("--server", "smtps://u@m.example", "--password-secret", "P")
    told = ventuno("accounts", "add", "s", "a@x.com", *server)

    assert (told.code, "ventuno secrets set P" in told.err) == (0, True)


def test_accounts_are_listed_changed_and_removed(ventuno: CommandLine) -> None:
    ventuno("accounts", "add", "sales", "a@x.com")
    changed = ventuno("accounts", "change", "sales", "b@x.com")
    shown = ventuno("accounts", "list").out
    removed = ventuno("accounts", "remove", "sales", "--json")

    assert changed.out == "changed sales: b@x.com by SES\n"
    assert "b@x.com" in shown
    assert removed.value == {"removed": "sales"}
    assert ventuno("accounts", "remove", "sales").code == 1


def test_a_draft_is_listed_shown_sent_once_and_discarded(ventuno: CommandLine) -> None:
    ventuno("accounts", "add", "sales", "a@x.com")
    assert "there are no drafts" in ventuno("drafts", "list").out
    ventuno.world.call(ventuno.world.begin(step("a", "DRAFT_EMAIL", given=MAIL)))
    (draft,) = ventuno("drafts", "list", "--json").value["drafts"]
    shown = ventuno("drafts", "show", draft["id"]).out
    sent, again = ventuno("drafts", "send", draft["id"]), ventuno("drafts", "send", draft["id"])

    assert shown == "To: ada@example.com\nSubject: Hi\nAccount: sales\n\nHello\n"
    assert sent.out.startswith(f"sent {draft['id']} as <")
    assert (again.code, "was sent at" in again.err) == (1, True)
    assert ventuno("drafts", "discard", draft["id"]).code == 0
    assert ventuno("drafts", "show", draft["id"]).code == 1


def test_a_file_is_stored_under_its_name(ventuno: CommandLine) -> None:
    (ventuno.folder / "plan.pdf").write_bytes(b"%PDF")
    stored = ventuno("files", "add", str(ventuno.folder / "plan.pdf"), "--json").value

    assert (stored["label"], stored["extension"]) == ("plan.pdf", "pdf")
    assert ventuno.world.payloads.get(f"files/{stored['fileId']}") == b"%PDF"


def test_a_stored_file_is_written_back_once_and_removed(
    ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ventuno.folder)
    (ventuno.folder / "plan.pdf").write_bytes(b"%PDF\x00")
    file_id = ventuno("files", "add", "plan.pdf", "--json").value["fileId"]
    kept = ventuno("files", "get", file_id)
    copied = ventuno("files", "get", file_id, "--output", "copy.pdf", "--json").value
    removed, again = ventuno("files", "remove", file_id), ventuno("files", "get", file_id)

    assert (kept.code, "plan.pdf cannot be written" in kept.err) == (2, True)
    assert (ventuno.folder / "copy.pdf").read_bytes() == b"%PDF\x00"
    assert copied == {"name": "plan.pdf", "path": "copy.pdf", "bytes": 5}
    assert removed.out == f"removed {file_id}\n"
    assert (again.code, "no stored file" in again.err) == (1, True)
