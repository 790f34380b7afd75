"""Mailbox in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.mail.account import Account
    from ventuno.mail.draft import Draft


class MemoryMailbox:
    """Accounts and drafts in dictionaries."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._drafts: dict[str, Draft] = {}

    def accounts(self) -> list[Account]:
        """List the accounts, oldest first."""
        return sorted(self._accounts.values(), key=lambda account: (account.created_at, account.id))

    def add_account(self, account: Account) -> None:
        """Store a new account. Raises: ConflictError"""
        if account.id in self._accounts:
            raise errors.ConflictError(f"there is an account {account.id} already")
        self._accounts[account.id] = account

    def replace_account(self, account: Account) -> None:
        """Store an account in place of another. Raises: NotFoundError"""
        if account.id not in self._accounts:
            raise errors.NotFoundError(f"there is no account {account.id}: `ventuno accounts list` shows all")
        self._accounts[account.id] = account

    def remove_account(self, account_id: str) -> bool:
        """Delete an account; False when there was none."""
        return self._accounts.pop(account_id, None) is not None

    def add_draft(self, draft: Draft) -> Draft:
        """Store a draft, or return the one that has its id."""
        return self._drafts.setdefault(draft.id, draft)

    def draft(self, draft_id: str) -> Draft | None:
        """Read a draft."""
        return self._drafts.get(draft_id)

    def drafts(self) -> list[Draft]:
        """List the drafts, newest first."""
        return sorted(self._drafts.values(), key=lambda draft: (draft.created_at, draft.id), reverse=True)

    def mark_sent(self, draft_id: str, sent_at: str, message_id: str) -> None:
        """Note that a draft was sent."""
        if draft_id in self._drafts:
            sent = replace(self._drafts[draft_id], sent_at=sent_at, message_id=message_id)
            self._drafts[draft_id] = sent

    def remove_draft(self, draft_id: str) -> bool:
        """Delete a draft; False when there was none."""
        return self._drafts.pop(draft_id, None) is not None
