"""The messages that a mail server has got, as tests ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.peers.mail_server import MailServer


def to(mail: MailServer, address: str) -> list[EmailMessage]:
    """List the messages that an address has got."""
    return [each.message for each in mail.received if address in each.recipients]


def about(mail: MailServer, subject: str) -> list[EmailMessage]:
    """List the messages with a text in their subject."""
    return [each.message for each in mail.received if subject in str(each.message["subject"])]


def text_of(message: EmailMessage) -> str:
    """Read the plain text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
