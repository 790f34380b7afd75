"""Messages as bytes: whatever is in them, they are one message with clean lines, and say what was written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.mail import SALES
from ventuno.mail.composing import Written, composed
from ventuno.mail.headers import header_fault
from ventuno.mail.letter import AttachedFile, Letter
from ventuno.mail.mime import Envelope, envelope_of
from ventuno.mail.recipients import Recipient, Recipients

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
TEXTS = st.text(max_size=300).filter(lambda text: header_fault(text) is None)


def sent(letter: Letter, **contents: bytes) -> tuple[Envelope, Any]:
    """Write a letter and read it as a mail program does."""
    envelope = envelope_of(letter, SALES, contents, "run/a/", NOW)
    return envelope, message_from_bytes(envelope.content, policy=policy.default)


def letter(
    subject: str = "s", text: str = "t", *, name: str = "", files: tuple[AttachedFile, ...] = ()
) -> Letter:
    recipients = Recipients(to=(Recipient("ada@example.com", name),))
    return Letter(recipients, subject, f"<p>{text}</p>", text, files)


@given(TEXTS, TEXTS, st.text(max_size=500))
def test_any_text_makes_one_message_with_one_recipient(subject: str, name: str, body: str) -> None:
    written = Written(Recipients(to=(Recipient("ada@example.com", name),)), subject, body)
    envelope, message = sent(composed(written, {}))

    assert BARE.search(envelope.content) is None
    assert [one.addr_spec for one in message["To"].addresses] == ["ada@example.com"]
    assert message.get_all("Bcc") is None
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "subject",
    ["Grüße aus München " * 8, "x" * 500, "a, b; c <d@e.f>", "日本語の件名" * 20],
)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    assert sent(letter(subject.strip()))[1]["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "text", ["=?utf-8?q?Hi=0D=0ABcc:_evil@x.com?=", "=?utf-8?q?Hi=0ABcc:_evil@x.com?= x", "=?utf-8?q?fake?="]
)
def test_a_text_that_looks_encoded_is_not_decoded(text: str) -> None:
    for written in (letter(subject=text), letter(name=text), letter(files=(AttachedFile("f", text),))):
        envelope, message = sent(written, f=b"x")

        assert set(message.keys()) <= {
            *("From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type", "Message-ID", "Date")
        }
        assert b"\nBcc:" not in envelope.content
    shown = sent(letter(subject=text))[1]["Subject"]
    assert shown.replace("\u200b", "") == text


@pytest.mark.parametrize(
    "text",
    ["a\r.\rb", "a\n.\n\nMAIL FROM:<x@y.z>", ".\r\n.\r\n", "a\r\n\r\n--==\r\n", "x" * 5000, "\x00\x1b\x85"],
)
def test_no_body_ends_the_message_early(text: str) -> None:
    envelope, message = sent(letter(text=text))

    assert BARE.search(envelope.content) is None
    assert len(list(message.walk())) == 3


def test_halves_of_characters_do_not_break_a_message() -> None:
    written = Written(Recipients(to=(Recipient("ada@example.com"),)), "s", "a \ud800 b")

    assert sent(composed(written, {}))[1].get_body(("plain",)).get_content().strip() == "a ? b"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("a.txt", "text/plain"),
        ("mail.eml", "application/octet-stream"),
        ("page.mht", "application/octet-stream"),
        ("a.tar.gz", "application/octet-stream"),
        ("none", "application/octet-stream"),
        ("Größe.png", "image/png"),
    ],
)
def test_a_file_arrives_byte_for_byte(name: str, kind: str) -> None:
    content = b"From x\r\nSubject: y\n\n\x00\xff.\n"
    attached = next(iter(sent(letter(files=(AttachedFile("f", name),)), f=content)[1].iter_attachments()))

    assert (attached.get_filename(), attached.get_content_type()) == (name, kind)
    assert attached.get_payload(decode=True) == content


def test_the_same_key_has_the_same_message_id_and_others_have_others() -> None:
    ids = [envelope_of(letter(), SALES, {}, key, NOW).message_id for key in ("a", "a", "b")]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.com>")


def test_addresses_beyond_ascii_are_written_in_utf_8() -> None:
    written = Letter(Recipients(to=(Recipient("ünï@example.com"),)), "s", "<p>t</p>", "t")

    assert "ünï@example.com".encode() in sent(written)[0].content
