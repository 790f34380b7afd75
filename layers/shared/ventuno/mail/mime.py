"""Write a letter as the bytes of a message, by the standard library's rules for heads and encodings.

Every text of the head was checked when the letter was composed; blind copies are in the envelope alone.
Source: https://www.rfc-editor.org/rfc/rfc5322, …/rfc2045, …/rfc3834 (Auto-Submitted), …/rfc6047 (invitations)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from ventuno.mail.account import Account
    from ventuno.mail.letter import Letter
    from ventuno.mail.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes to a server: who sends, who receives, and the message itself, lines ended by CR LF."""

    sender: str
    recipients: tuple[str, ...]
    message_id: str
    content: bytes


def message_id_of(key: str, account: Account) -> str:
    """Return the Message-ID of what is sent under a key: the same however often it is tried."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{account.address.rpartition('@')[2].encode('idna').decode()}>"


def envelope_of(
    letter: Letter, account: Account, contents: Mapping[str, bytes], key: str, now: datetime
) -> Envelope:
    """Write a letter; `contents` holds the bytes of its files by key."""
    message_id = message_id_of(key, account)
    message = _message(letter, account)
    message["Message-ID"] = message_id
    message["Date"] = now
    for file in letter.files:
        kind, _, subtype = _type_of(file.name).partition("/")
        message.add_attachment(
            contents[file.key], maintype=kind, subtype=subtype, filename=_literal(file.name)
        )
    addresses = tuple(recipient.address for recipient in letter.recipients.all)
    return Envelope(account.address, addresses, message_id, message.as_bytes())


def _message(letter: Letter, account: Account) -> EmailMessage:
    from email.headerregistry import Address  # noqa: PLC0415 - 15 ms that only messages are worth
    from email.message import EmailMessage  # noqa: PLC0415 - same
    from email.policy import SMTP, SMTPUTF8  # noqa: PLC0415 - same

    def address(name: str, text: str) -> Address:
        local, _, domain = text.rpartition("@")
        return Address(_literal(name), local, domain)

    def listed(recipients: Sequence[Recipient]) -> list[Address]:
        return [address(one.name, one.address) for one in recipients]

    plain = all(one.address.isascii() for one in letter.recipients.all) and account.address.isascii()
    message = EmailMessage(policy=(SMTP if plain else SMTPUTF8).clone(cte_type="7bit"))
    message["From"] = address(account.name, account.address)
    if letter.recipients.to:
        message["To"] = listed(letter.recipients.to)
    if letter.recipients.cc:
        message["Cc"] = listed(letter.recipients.cc)
    message["Subject"] = _literal(letter.subject)
    message["Auto-Submitted"] = (
        "auto-generated"  # so that nobody's absence notice answers, and no loop begins
    )
    if letter.thread:
        message["In-Reply-To"] = letter.thread[-1]
        message["References"] = " ".join(letter.thread)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.invitation is not None:
        message.add_alternative(letter.invitation, subtype="calendar", params={"method": "REQUEST"})
        file = letter.invitation.encode()
        message.add_attachment(file, maintype="application", subtype="ics", filename="invite.ics")
    return message


def _literal(text: str) -> str:
    """Keep a text from being taken for an encoded one, which could hold line breaks: by a space of no width.

    Source: https://www.rfc-editor.org/rfc/rfc2047#section-2
    """
    return text.replace("=?", "=\u200b?")


def _type_of(name: str) -> str:
    from mimetypes import guess_type  # noqa: PLC0415 - as above

    kind, packing = guess_type(name)
    if kind is None or packing is not None or kind.startswith(("message/", "multipart/")):
        return (
            "application/octet-stream"  # a message within a message would be read as one, not kept as it is
        )
    return kind
