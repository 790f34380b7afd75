"""Letter: a message as it was composed, before an account sends it; a draft is a stored letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.mail.recipients import Recipient, Recipients

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file to attach; its bytes are read when the message is sent.

    `key` is the id of a stored file, or where it is linked the address that the file is read from.
    """

    key: str
    name: str
    linked: bool = False

    def to_value(self) -> JsonObject:
        """Write the file as JSON: {id, name}, or {url, name}."""
        return {"url" if self.linked else "id": self.key, "name": self.name}


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
    files: tuple[AttachedFile, ...] = ()
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
            "files": [file.to_value() for file in self.files],
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
        files=tuple(_file_from(file) for file in fields["files"]),
        thread=tuple(fields["thread"]),
        invitation=fields["invitation"],
    )


def _file_from(value: dict[str, str]) -> AttachedFile:
    return AttachedFile(value.get("url") or value["id"], value["name"], linked="url" in value)


def _pairs(recipients: tuple[Recipient, ...]) -> list[JsonValue]:
    return [[recipient.address, recipient.name] for recipient in recipients]
