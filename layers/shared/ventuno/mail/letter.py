"""Letter: a message as it was composed, before an account sends it; a draft is a stored letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.mail.recipients import Recipient, Recipients

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to attach; its bytes are read when the message is sent."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom a message goes to and what it says.

    `invitation` is an iCalendar object that the message carries. `thread` names the messages it belongs to,
    oldest first, the one it answers last.
    """

    recipients: Recipients
    subject: str
    html: str
    text: str
    files: tuple[StoredFile, ...] = ()
    thread: tuple[str, ...] = ()
    invitation: str | None = None

    def to_value(self) -> JsonObject:
        """Write the letter as JSON."""
        lists: JsonObject = {name: _pairs(getattr(self.recipients, name)) for name in ("to", "cc", "bcc")}
        return {
            **lists,
            "subject": self.subject,
            "html": self.html,
            "text": self.text,
            "files": [{"id": file.id, "name": file.name} for file in self.files],
            "thread": [*self.thread],
            "invitation": self.invitation,
        }


def letter_from(value: JsonValue) -> Letter:
    """Read a letter back."""
    fields: Any = value
    lists = [tuple(Recipient(*pair) for pair in fields[name]) for name in ("to", "cc", "bcc")]
    return Letter(
        recipients=Recipients(*lists),
        subject=fields["subject"],
        html=fields["html"],
        text=fields["text"],
        files=tuple(StoredFile(file["id"], file["name"]) for file in fields["files"]),
        thread=tuple(fields["thread"]),
        invitation=fields["invitation"],
    )


def _pairs(recipients: tuple[Recipient, ...]) -> list[JsonValue]:
    return [[recipient.address, recipient.name] for recipient in recipients]
