"""Security 10: no text of a step, payload or account adds a header, a recipient or a part to a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import step
from tests.fakes.mail import SALES
from ventuno import errors
from ventuno.runtime.accounts import add_account
from ventuno.runtime.files import store_file

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.fakes.world import World

BREAKS: Final = {
    "CR LF": "\r\n",
    "LF": "\n",
    "CR": "\r",
    "a folded line": "\r\n ",
    "NEL": "\x85",
    "LINE SEPARATOR": "\u2028",
    "PARAGRAPH SEPARATOR": "\u2029",
    "VT": "\x0b",
    "FF": "\x0c",
    "NUL": "\x00",
}
GIVEN: Final[dict[str, Any]] = {
    "recipients": {"to": "{{trigger.to}}"},
    "subject": "{{trigger.subject}}",
    "body": "x",
}
PLAIN: Final = {"to": "ada@example.com", "subject": "Hi"}
FIELDS: Final = {
    "the subject": {"subject": "Hi{}Bcc: evil@example.com"},
    "an address": {"to": "ada@example.com{}Bcc: evil@example.com"},
    "the name of a recipient": {"to": "Ada{}Bcc: evil@example.com <ada@example.com>"},
}
OURS: Final = {
    *("From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type", "Message-ID", "Date"),
}


@pytest.fixture
def office(world: World) -> World:
    world.mailbox.add_account(SALES)
    return world


def sent(office: World, payload: dict[str, str], given: dict[str, Any] = GIVEN) -> EmailMessage:
    office.call(office.begin(step("a", "SEND_EMAIL", given=given), payload={**PLAIN, **payload}))
    (message,) = office.mail.messages
    return message


def test_a_message_of_plain_texts_has_these_headers_and_goes_to_its_recipient(office: World) -> None:
    """What the refusals below stand against."""
    message = sent(office, {})

    assert set(message.keys()) == OURS
    assert office.mail.sent[0].recipients == ("ada@example.com",)


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_line_break_in_a_header_is_refused_and_nothing_is_sent(
    office: World, field: str, broken: str
) -> None:
    with pytest.raises(errors.StepFailedError):
        sent(office, {name: text.format(broken) for name, text in FIELDS[field].items()})

    assert office.mail.sent == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_the_name_of_a_file_is_refused(office: World, broken: str) -> None:
    stored = store_file("a.txt", b"x", office.services)
    files = {**GIVEN, "files": [{"id": stored["fileId"], "name": "{{trigger.name}}"}]}
    with pytest.raises(errors.StepFailedError):
        sent(office, {"name": f"a{broken}X-Evil: 1"}, files)
    with pytest.raises(errors.BadRequestError):
        store_file(f"a{broken}X-Evil: 1", b"x", office.services)

    assert office.mail.sent == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_what_is_answered_is_refused(office: World, broken: str) -> None:
    with pytest.raises(errors.StepFailedError):
        sent(office, {"id": f"<a@x.com>{broken}Bcc: e@x.com"}, {**GIVEN, "inReplyTo": "{{trigger.id}}"})

    assert office.mail.sent == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("field", ["address", "name"])
def test_a_line_break_in_an_account_is_refused_when_it_is_connected(
    office: World, field: str, broken: str
) -> None:
    fields: dict[str, Any] = {"id": "evil", "kind": "SES", "address": "a@x.com", "name": "A"}
    with pytest.raises(errors.VentunoError):
        add_account({**fields, field: f"{fields[field]}{broken}Bcc: e@x.com"}, office.services)


@pytest.mark.parametrize(
    "encoded",
    ["=?utf-8?q?Hi=0D=0ABcc:_evil@example.com?=", "=?utf-8?b?SGkNCkJjYzogZXZpbEBleGFtcGxlLmNvbQ==?="],
)
def test_an_encoded_line_break_stays_text(office: World, encoded: str) -> None:
    message = sent(office, {"subject": encoded})

    assert set(message.keys()) == OURS
    assert str(message["Subject"]).replace("\u200b", "") == encoded


def test_a_body_that_looks_like_headers_or_parts_stays_a_body(office: World) -> None:
    text = (
        "\r\n\r\n--===============0==\r\nContent-Type: text/evil\r\nBcc: evil@x.com\r\n.\r\nMAIL FROM:<e@x>"
    )
    message = sent(office, {"text": text}, {**GIVEN, "body": "{{trigger.text}}"})

    assert set(message.keys()) == OURS
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
