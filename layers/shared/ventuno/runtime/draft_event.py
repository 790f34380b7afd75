"""DraftEvent: what step_runner is called with to send a draft. Event: {"sendDraft": id, "again"?: bool}"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.runtime.drafts import send_draft
from ventuno.wire import Wire

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


class DraftEvent(Wire):
    """Which draft, and whether it is sent although it may have been."""

    send_draft: str
    again: bool = False


def answer_draft_event(event: DraftEvent, services: Services) -> JsonObject:
    """Send the draft. Raises: NotFoundError, ConflictError, BadRequestError, StoreUnavailableError"""
    sent = send_draft(event.send_draft, services, again=event.again)
    return {"messageId": sent.message_id}
