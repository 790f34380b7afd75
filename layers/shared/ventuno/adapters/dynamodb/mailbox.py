"""Mailbox: accounts in the workflows table, drafts in that of runs, long ones in the bucket.

Item:   {PK: "ACCOUNTS", SK: id, account: "<JSON>"}
        {PK: "DRAFTS", SK: id, draft: "<JSON>" or claim check, sentAt?, messageId?, expiresAt}
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.mail.account import Account
from ventuno.mail.draft import DRAFT_DAYS, draft_from
from ventuno.runs.claim_check import check_in, check_out
from ventuno.runs.fields import stored_from, stored_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.mail.draft import Draft
    from ventuno.ports import Clock, PayloadStore

_ACCOUNTS: Final = "ACCOUNTS"
_DRAFTS: Final = "DRAFTS"
_INLINE_BYTES: Final = 8 * 1024
_ABSENT: Final = Condition("attribute_not_exists(PK)", {})
_PRESENT: Final = Condition("attribute_exists(PK)", {})


@dataclass(frozen=True, slots=True)
class MailboxTables:
    """The names of the tables of accounts and of drafts."""

    accounts: str
    drafts: str


class DynamoMailbox:
    """One partition for all accounts, one for all drafts: there are few."""

    def __init__(
        self, client: DynamoDBClient, tables: MailboxTables, payloads: PayloadStore, clock: Clock
    ) -> None:
        self._accounts = Table(client, tables.accounts)
        self._drafts = Table(client, tables.drafts)
        self._payloads = payloads
        self._clock = clock

    def accounts(self) -> list[Account]:
        """List the accounts, oldest first. Raises: StoreUnavailableError"""
        rows = _partition(self._accounts, _ACCOUNTS)
        found = [Account.model_validate_json(str(row["account"])) for row in rows]
        return sorted(found, key=lambda account: (account.created_at, account.id))

    def add_account(self, account: Account) -> None:
        """Store a new account. Raises: ConflictError, StoreUnavailableError"""
        try:
            self._accounts.put(_account_row(account), _ABSENT)
        except RefusedError as refused:
            raise errors.ConflictError(f"there is an account {account.id} already") from refused

    def replace_account(self, account: Account) -> None:
        """Store an account in place of another. Raises: NotFoundError, StoreUnavailableError"""
        try:
            self._accounts.put(_account_row(account), _PRESENT)
        except RefusedError as refused:
            raise errors.NotFoundError(
                f"there is no account {account.id}: `ventuno accounts list` shows all"
            ) from refused

    def remove_account(self, account_id: str) -> bool:
        """Delete an account; False when there was none. Raises: StoreUnavailableError"""
        return _remove(self._accounts, {"PK": _ACCOUNTS, "SK": account_id})

    def add_draft(self, draft: Draft) -> Draft:
        """Store a draft, or return the one that has its id. Raises: StoreUnavailableError"""
        stored = check_in(draft.to_value(), f"drafts/{draft.id}", self._payloads, inline=_INLINE_BYTES)
        expires = self._clock.now() + timedelta(days=DRAFT_DAYS)
        row = _draft_key(draft.id) | {"draft": stored_value(stored), "expiresAt": int(expires.timestamp())}
        try:
            self._drafts.put(row, _ABSENT)
        except RefusedError as refused:
            return self._draft_of(refused.row) if refused.row else draft
        return draft

    def draft(self, draft_id: str) -> Draft | None:
        """Read a draft. Raises: StoreUnavailableError"""
        row = self._drafts.get(_draft_key(draft_id))
        return self._draft_of(row) if row else None

    def drafts(self) -> list[Draft]:
        """List the drafts, newest first. Raises: StoreUnavailableError"""
        found = map(self._draft_of, _partition(self._drafts, _DRAFTS))
        return sorted(found, key=lambda draft: (draft.created_at, draft.id), reverse=True)

    def mark_sent(self, draft_id: str, sent_at: str, message_id: str) -> None:
        """Note that a draft was sent. Raises: StoreUnavailableError"""
        given: JsonObject = {"sentAt": sent_at, "messageId": message_id}
        try:
            self._drafts.update(
                _draft_key(draft_id),
                "SET #sentAt = :sentAt, #messageId = :messageId",
                Condition("attribute_exists(PK)", given),
            )
        except RefusedError:
            return

    def remove_draft(self, draft_id: str) -> bool:
        """Delete a draft; False when there was none. Raises: StoreUnavailableError"""
        return _remove(self._drafts, _draft_key(draft_id))

    def _draft_of(self, row: JsonObject) -> Draft:
        fields: Any = row
        value: Any = check_out(stored_from(fields["draft"]), self._payloads)
        return replace(draft_from(value), sent_at=fields.get("sentAt"), message_id=fields.get("messageId"))


def _remove(table: Table, key: JsonObject) -> bool:
    if table.get(key) is None:
        return False
    table.put_many([], [key])
    return True


def _partition(table: Table, name: str) -> list[JsonObject]:
    rows: list[JsonObject] = []
    request: dict[str, Any] = {"KeyConditionExpression": "PK = :pk", "ConsistentRead": True}
    while True:
        page, start = table.query(request, {"pk": name})
        rows += page
        if not start:
            return rows
        request["ExclusiveStartKey"] = start


def _account_row(account: Account) -> JsonObject:
    text = json.dumps(account.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False)
    return {"PK": _ACCOUNTS, "SK": account.id, "account": text}


def _draft_key(draft_id: str) -> JsonObject:
    return {"PK": _DRAFTS, "SK": draft_id}
