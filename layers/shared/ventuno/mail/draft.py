"""Draft: a letter that waits for a person to send it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ventuno.mail.letter import letter_from

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.mail.letter import Letter

DRAFT_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Draft:
    """Units: instants are ISO 8601 UTC. `run_id` is the run that wrote it."""

    id: str
    account_id: str
    letter: Letter
    created_at: str
    run_id: str = ""
    sent_at: str | None = None
    message_id: str | None = None

    def to_value(self) -> JsonObject:
        """Write the draft as JSON."""
        return {
            "id": self.id,
            "accountId": self.account_id,
            "letter": self.letter.to_value(),
            "createdAt": self.created_at,
            "runId": self.run_id,
            "sentAt": self.sent_at,
            "messageId": self.message_id,
        }


def draft_from(value: JsonObject) -> Draft:
    """Read a draft back."""
    fields: Any = value
    return Draft(
        id=fields["id"],
        account_id=fields["accountId"],
        letter=letter_from(fields["letter"]),
        created_at=fields["createdAt"],
        run_id=fields["runId"],
        sent_at=fields.get("sentAt"),
        message_id=fields.get("messageId"),
    )
