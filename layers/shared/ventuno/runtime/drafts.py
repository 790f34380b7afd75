"""Drafts: list, show, send and discard what DRAFT_EMAIL wrote; each is sent once.

Source: decisions, Actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.effects import EffectState
from ventuno.mail.sending import Sending, send_once
from ventuno.runtime.services import instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.mail.account import Account
    from ventuno.mail.draft import Draft
    from ventuno.runtime.services import Services


def draft_views(services: Services) -> list[JsonObject]:
    """List the drafts, newest first, without their bodies."""
    return [_summary(draft) for draft in services.outside.mailbox.drafts()]


def draft_view(draft: Draft) -> JsonObject:
    """Return a draft as callers see it."""
    letter = draft.letter
    return {
        **_summary(draft),
        "html": letter.html,
        "text": letter.text,
        "files": [file.to_value() for file in letter.files],
        "inReplyTo": letter.thread[-1] if letter.thread else None,
    }


def find_draft(draft_id: str, services: Services) -> Draft:
    """Read a draft. Raises: NotFoundError"""
    draft = services.outside.mailbox.draft(draft_id)
    if draft is None:
        raise errors.NotFoundError(_absent(draft_id))
    return draft


def let_draft_be_sent(draft_id: str, services: Services, *, again: bool = False) -> Draft:
    """Let a draft be sent where that is allowed, and return it as it is then. Raises: as `send_draft`"""
    services.outside.drafts.send(find_draft(draft_id, services).id, again=again)
    return find_draft(draft_id, services)


def send_draft(draft_id: str, services: Services, *, again: bool = False) -> Draft:
    """Send a draft and return it as it is then.

    `again` sends one of which nobody can tell whether it was sent.

    Raises: NotFoundError, ConflictError when it was sent or may have been, BadRequestError when it cannot be
    """
    draft = find_draft(draft_id, services)
    if draft.sent_at is not None:
        raise errors.ConflictError(f"the draft was sent at {draft.sent_at}")
    outside, key = services.outside, f"draft/{draft_id}"
    attempt = _attempt(key, services, again=again)
    sending = Sending(draft.letter, _account(draft, services), key, attempt, services.clock.now())
    try:
        message_id = send_once(sending, outside)
    except errors.MailUnsureError as error:
        raise errors.ConflictError(f"{error}, or send the draft with `again`") from error
    except errors.TerminalStepError as error:
        raise errors.BadRequestError(str(error)) from error
    outside.mailbox.mark_sent(draft_id, instant(services.clock), message_id)
    return find_draft(draft_id, services)


def discard_draft(draft_id: str, services: Services) -> None:
    """Delete a draft. Raises: NotFoundError"""
    if not services.outside.mailbox.remove_draft(draft_id):
        raise errors.NotFoundError(_absent(draft_id))


def _attempt(key: str, services: Services, *, again: bool) -> int:
    """Count the times a person asked; only `again` goes past a try of which nobody can tell."""
    noted = services.outside.effects.get(key) if again else None
    if noted is None or noted.state is not EffectState.UNSURE:
        return 0
    return noted.attempt + 1


def _account(draft: Draft, services: Services) -> Account:
    accounts = services.outside.mailbox.accounts()
    found = next((one for one in accounts if one.id == draft.account_id), None)
    if found is None:
        raise errors.BadRequestError(
            f"the account {draft.account_id} of the draft is gone: `ventuno accounts add` adds it again"
        )
    return found


def _summary(draft: Draft) -> JsonObject:
    lists = draft.letter.recipients
    return {
        "id": draft.id,
        "accountId": draft.account_id,
        "to": [one.address for one in lists.to],
        "cc": [one.address for one in lists.cc],
        "bcc": [one.address for one in lists.bcc],
        "subject": draft.letter.subject,
        "createdAt": draft.created_at,
        "runId": draft.run_id,
        "sentAt": draft.sent_at,
        "messageId": draft.message_id,
    }


def _absent(draft_id: str) -> str:
    return f"there is no draft {draft_id[:60]}: `ventuno drafts list` shows all"
