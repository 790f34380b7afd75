"""Accounts and drafts over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runtime import accounts, drafts
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_TEXT: Final[JsonObject] = {"type": "string"}
ACCOUNT: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "kind": {"enum": ["SES", "SMTP"]},
        "address": _TEXT,
        "name": _TEXT,
        "host": _TEXT,
        "port": {"type": "integer", "minimum": 1, "maximum": 65535},
        "security": {"enum": ["TLS", "STARTTLS", "NONE"]},
        "username": _TEXT,
        "passwordSecret": {"type": "string", "description": "The name of a stored secret"},
        "workspaceMemberId": _TEXT,
    },
    "required": ["kind", "address"],
}
AGAIN: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"again": {"type": "boolean", "description": "Send it although it may have been sent"}},
}


def list_accounts(request: Request, services: Services) -> Answer:
    """List the accounts. Raises: StepError, ApiError"""
    del request
    return Answer(200, {"data": {"accounts": [*accounts.account_views(services)]}})


def create_account(request: Request, services: Services) -> Answer:
    """Add an account. Raises: StepError, ApiError"""
    made = accounts.add_account(request.fields(), services)
    return Answer(201, {"data": {"createAccount": accounts.account_view(made)}})


def replace_account(request: Request, services: Services) -> Answer:
    """Give an account other fields. Raises: StepError, ApiError"""
    changed = accounts.replace_account(request.place["account"], request.fields(), services)
    return Answer(200, {"data": {"updateAccount": accounts.account_view(changed)}})


def remove_account(request: Request, services: Services) -> Answer:
    """Delete an account. Raises: StepError, ApiError"""
    accounts.remove_account(request.place["account"], services)
    return Answer(200, {"data": {"deleteAccount": {"id": request.place["account"]}}})


def list_drafts(request: Request, services: Services) -> Answer:
    """List the drafts. Raises: StepError, ApiError"""
    del request
    return Answer(200, {"data": {"drafts": [*drafts.draft_views(services)]}})


def show_draft(request: Request, services: Services) -> Answer:
    """Show a draft. Raises: StepError, ApiError"""
    draft = drafts.find_draft(request.place["draft"], services)
    return Answer(200, {"data": {"draft": drafts.draft_view(draft)}})


def send_draft(request: Request, services: Services) -> Answer:
    """Send a draft. Raises: StepError, ApiError"""
    body = request.fields() if request.body.strip() else {}
    again = body.get("again", False)
    if set(body) - {"again"} or not isinstance(again, bool):
        raise errors.BadRequestError('the body may be {"again": true}, or nothing')
    sent = drafts.let_draft_be_sent(request.place["draft"], services, again=again)
    return Answer(200, {"data": {"sendDraft": drafts.draft_view(sent)}})


def discard_draft(request: Request, services: Services) -> Answer:
    """Delete a draft. Raises: StepError, ApiError"""
    drafts.discard_draft(request.place["draft"], services)
    return Answer(200, {"data": {"deleteDraft": {"id": request.place["draft"]}}})
