"""Connected accounts: add, list, change and remove what e-mail is sent from. Source: decisions, Actions"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from ventuno import errors
from ventuno.definition.loading import told
from ventuno.mail.account import Account
from ventuno.runtime.services import instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


def account_views(services: Services) -> list[JsonObject]:
    """List the accounts, oldest first; the name of the password's secret is told, the password never."""
    return [account_view(account) for account in services.outside.mailbox.accounts()]


def account_view(account: Account) -> JsonObject:
    """Return an account as callers see it. Item: the fields that it has, by their names on the wire"""
    return account.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def add_account(fields: JsonObject, services: Services) -> Account:
    """Store a new account; without an id it gets a random one. Raises: BadRequestError, ConflictError"""
    given = {"id": services.ids.new_id(), **fields, "createdAt": instant(services.clock)}
    account = _valid(given)
    services.outside.mailbox.add_account(account)
    return account


def replace_account(account_id: str, fields: JsonObject, services: Services) -> Account:
    """Give an account other fields, all at once. Raises: BadRequestError, NotFoundError"""
    if fields.get("id", account_id) != account_id:
        raise errors.BadRequestError("the id of an account does not change; add another account")
    known = [one for one in services.outside.mailbox.accounts() if one.id == account_id]
    if not known:
        raise errors.NotFoundError(_absent(account_id))
    account = _valid({**fields, "id": account_id, "createdAt": known[0].created_at})
    services.outside.mailbox.replace_account(account)
    return account


def remove_account(account_id: str, services: Services) -> None:
    """Delete an account; steps that name it fail. Raises: NotFoundError"""
    if not services.outside.mailbox.remove_account(account_id):
        raise errors.NotFoundError(_absent(account_id))


def _absent(account_id: str) -> str:
    return f"there is no account {account_id[:60]}: `ventuno accounts list` shows all"


def _valid(fields: JsonObject) -> Account:
    try:
        return Account.model_validate(fields)
    except ValidationError as error:
        raise errors.BadRequestError(*told(error, fields, "account", Account)) from None
