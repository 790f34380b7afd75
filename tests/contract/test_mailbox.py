"""Mailbox: accounts and drafts, the same from every store."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.contract.stores import REGION, table_properties
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import MemoryMailbox
from ventuno import errors
from ventuno.adapters.dynamodb.mailbox import DynamoMailbox, MailboxTables
from ventuno.adapters.memory.payloads import MemoryPayloadStore
from ventuno.mail.account import Account
from ventuno.mail.draft import Draft
from ventuno.mail.letter import AttachedFile, Letter
from ventuno.mail.recipients import Recipient, Recipients

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ventuno.outside import Mailbox


@contextmanager
def memory() -> Iterator[Mailbox]:
    yield MemoryMailbox()


@contextmanager
def moto() -> Iterator[Mailbox]:
    make: Any = boto3.client
    with mock_aws():
        client, name = make("dynamodb", region_name=REGION), f"workflows-{uuid.uuid4()}"
        client.create_table(TableName=name, **table_properties("Workflows"))
        yield DynamoMailbox(client, MailboxTables(name, name), MemoryPayloadStore(), FakeClock())


STORES: dict[str, Callable[[], AbstractContextManager[Mailbox]]] = {"memory": memory, "moto": moto}


@pytest.fixture(params=sorted(STORES))
def mailbox(request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    with STORES[request.param]() as opened:
        yield opened


def account(account_id: str, created_at: str = "2026-01-01T00:00:00.000Z", **more: Any) -> Account:  # noqa: ANN401 - fields
    fields = {"id": account_id, "kind": "SES", "address": "a@example.com", "createdAt": created_at}
    return Account.model_validate({**fields, **more})


def draft(draft_id: str, created_at: str = "2026-01-01T00:00:00.000Z", text: str = "hi") -> Draft:
    letter = Letter(
        recipients=Recipients(to=(Recipient("a@x.com", "Ä"),), bcc=(Recipient("b@x.com"),)),
        subject="Sübject",
        html=f"<p>{text}</p>",
        text=text,
        files=(AttachedFile("1", "a.pdf"),),
        thread=("<1@x>", "<2@x>"),
    )
    return Draft(draft_id, "sales", letter, created_at, "run")


def test_accounts_are_listed_oldest_first_with_all_they_have(mailbox: Mailbox) -> None:
    smtp = {
        "kind": "SMTP",
        "host": "mail.example.com",
        "username": "u",
        "passwordSecret": "P",
        "security": "STARTTLS",
    }
    newer, older = account("b", "2026-01-02T00:00:00.000Z", **smtp), account("z", workspaceMemberId="m")
    mailbox.add_account(newer)
    mailbox.add_account(older)

    assert list(mailbox.accounts()) == [older, newer]


def test_an_account_is_added_once_replaced_and_removed(mailbox: Mailbox) -> None:
    mailbox.add_account(account("a"))
    with pytest.raises(errors.ConflictError, match="account a already"):
        mailbox.add_account(account("a"))
    with pytest.raises(errors.NotFoundError, match="no account b"):
        mailbox.replace_account(account("b"))
    mailbox.replace_account(account("a", name="New"))

    assert [one.name for one in mailbox.accounts()] == ["New"]
    assert mailbox.remove_account("a")
    assert not mailbox.remove_account("a")
    assert list(mailbox.accounts()) == []


@pytest.mark.parametrize("length", [2, 50_000], ids=["short", "kept in the bucket"])
def test_a_draft_comes_back_as_it_was_written(mailbox: Mailbox, length: int) -> None:
    written = draft("d", text="x" * length)
    mailbox.add_draft(written)

    assert mailbox.draft("d") == written
    assert mailbox.draft("none") is None


def test_a_second_draft_of_an_id_changes_nothing(mailbox: Mailbox) -> None:
    first = mailbox.add_draft(draft("d", text="first"))

    assert mailbox.add_draft(draft("d", text="second")) == first
    assert [one.letter.text for one in mailbox.drafts()] == ["first"]


def test_drafts_are_listed_newest_first_and_say_when_they_were_sent(mailbox: Mailbox) -> None:
    old, new = draft("a"), draft("b", "2026-02-01T00:00:00.000Z")
    mailbox.add_draft(old)
    mailbox.add_draft(new)
    mailbox.mark_sent("a", "2026-03-01T00:00:00.000Z", "<m@x>")
    mailbox.mark_sent("none", "2026-03-01T00:00:00.000Z", "<m@x>")

    assert list(mailbox.drafts()) == [
        new,
        replace(old, sent_at="2026-03-01T00:00:00.000Z", message_id="<m@x>"),
    ]


def test_a_removed_draft_is_gone(mailbox: Mailbox) -> None:
    mailbox.add_draft(draft("d"))

    assert mailbox.remove_draft("d")
    assert not mailbox.remove_draft("d")
    assert list(mailbox.drafts()) == []
