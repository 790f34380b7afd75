"""What SEND_EMAIL and DRAFT_EMAIL share: settings, their checks, the letter, and the account it goes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from ventuno import errors
from ventuno.actions.base import StepCall, TaskAction
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING
from ventuno.expressions.javascript import text_of
from ventuno.filters.condition import Comparison, Operator
from ventuno.mail.composing import Written, attached_files, composed
from ventuno.mail.headers import checked_header, checked_message_id
from ventuno.mail.recipients import read_recipients
from ventuno.records.query import Query
from ventuno.schemas import NUMBER, TEXT, Array, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonObject
    from ventuno.mail.account import Account
    from ventuno.mail.letter import Letter
    from ventuno.schemas import Schema

_CODE: Final = "INVALID_STEP_PARAMS"
_LONGEST_THREAD: Final = 20
"""Messages of a thread that are named in `References`; programs follow the last ones."""


def text_from(value: Any) -> Any:  # noqa: ANN401 - what a variable resolved to
    """Read a text that a variable may have given as something else."""
    return "" if value is None else value if isinstance(value, str) else text_of(value)


def _body(value: Any) -> Any:  # noqa: ANN401 - author JSON
    """Take a document as it is, not only as JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else text_from(value)


Text = Annotated[str, BeforeValidator(text_from)]
Addresses = list[Any] | str | None


class RecipientLists(Wire):
    """`{to, cc?, bcc?}`: comma lists of addresses."""

    to: Addresses = ""
    cc: Addresses = ""
    bcc: Addresses = ""


class EmailSettings(Wire):
    """`{connectedAccountId?, recipients, subject?, body?, bodyFormat?, files?, inReplyTo?}`."""

    connected_account_id: Text = ""
    recipients: RecipientLists
    subject: Text = ""
    body: Annotated[str, BeforeValidator(_body)] = ""
    body_format: Literal["TEXT", "HTML"] = "TEXT"
    files: list[Any] | dict[str, Any] | str | None = Field(default_factory=list)
    in_reply_to: Text = ""


SETTINGS_ABOUT: Final = {
    "connectedAccountId": "The account that sends: its id, or that of the workspace member whose it is; "
    "without it the oldest account.",
    "recipients": "`{to, cc?, bcc?}`, comma lists of addresses with or without names, 100 together at most.",
    "subject": "One line.",
    "body": "A TipTap document (as JSON or as an object), or text. Variables in it are always text.",
    "bodyFormat": "`HTML` for a body of HTML, which is cleaned of all that acts.",
    "files": "Files to attach: `{id, name}` or `{url, name}`, or variables that name a field of files; "
    "15 MiB together.",
    "inReplyTo": "The Message-ID that is answered; the message joins its thread.",
}
EXAMPLE: Final[JsonObject] = {
    "connectedAccountId": "sales",
    "recipients": {"to": "{{trigger.email}}", "cc": "Team <team@example.com>"},
    "subject": "Welcome, {{trigger.name}}",
    "body": "Dear {{trigger.name}},\n\nthank you.",
}
EXAMPLE_RESULT: Final[JsonObject] = {
    "recipients": ["ada@example.com"],
    "ccRecipients": ["team@example.com"],
    "bccRecipients": [],
    "subject": "Welcome, Ada",
    "sanitizedHtmlBody": "<p>Dear Ada,<br>\n<br>\nthank you.</p>",
    "plainTextBody": "Dear Ada,\n\nthank you.",
    "connectedAccountId": "sales",
    "attachmentCount": 0,
}


class EmailAction(TaskAction[EmailSettings]):
    """An action on a letter, which resolves the body itself: what variables bring in stays text."""

    settings_type = EmailSettings
    resolved_by_itself: ClassVar[frozenset[str]] = frozenset({"body"})

    def check(self, settings: EmailSettings, scope: StepScope) -> Iterator[Finding]:
        """Find addresses and headers that could never be sent; what holds variables is left to the run."""
        del scope
        yield from _findings(settings)


def _findings(settings: EmailSettings) -> Iterator[Finding]:
    lists = settings.recipients
    given = {"to": lists.to, "cc": lists.cc, "bcc": lists.bcc}
    if OPENING not in json.dumps(given, ensure_ascii=False):
        yield from _refusal(".recipients", lambda: read_recipients(**given))
    if OPENING not in settings.subject:
        yield from _refusal(".subject", lambda: checked_header("subject", settings.subject))
    if settings.in_reply_to and OPENING not in settings.in_reply_to:
        yield from _refusal(".inReplyTo", lambda: checked_message_id(settings.in_reply_to))


def _refusal(path: str, check: Callable[[], object]) -> Iterator[Finding]:
    try:
        check()
    except errors.StepInputError as error:
        yield Finding(_CODE, path, str(error))


def letter_of(settings: EmailSettings, call: StepCall) -> Letter:
    """Compose the letter. Raises: StepInputError, StoreUnavailableError"""
    lists = settings.recipients
    written = Written(
        recipients=read_recipients(lists.to, lists.cc, lists.bcc),
        subject=settings.subject,
        body=settings.body,
        is_html=settings.body_format == "HTML",
        files=attached_files(settings.files),
        thread=_thread(settings.in_reply_to, call),
    )
    return composed(written, call.values)


def _thread(in_reply_to: str, call: StepCall) -> tuple[str, ...]:
    """List the messages of the thread that are known, the answered one last."""
    if not in_reply_to.strip():
        return ()
    answered = checked_message_id(in_reply_to)
    parent = call.records.query("message", _where("headerMessageId", answered, 1)).records
    thread_id = parent[0].get("messageThreadId") if parent else None
    if not isinstance(thread_id, str):
        return (answered,)
    known = call.records.query("message", _where("messageThreadId", thread_id, _LONGEST_THREAD)).records
    ids = (one.get("headerMessageId") for one in known)
    others = [one for one in ids if isinstance(one, str) and one and one != answered]
    return (*(one for one in others if _is_id(one)), answered)


def _where(field: str, value: str, limit: int) -> Query:
    return Query(Comparison((field,), Operator.EQ, value), limit=limit, counted=False)


def _is_id(text: str) -> bool:
    try:
        return checked_message_id(text) == text
    except errors.StepInputError:
        return False


def account_of(wanted: str, call: StepCall) -> Account:
    """Return the account of an id, or of a workspace member, or the oldest one.

    Raises: StepInputError, StoreUnavailableError
    Source: reference §3.8
    """
    accounts = call.outside.mailbox.accounts()
    if not accounts:
        raise errors.StepInputError("there is no connected account: `ventuno accounts add` connects one")
    if not wanted.strip():
        return accounts[0]
    named = [one for one in accounts if one.id == wanted] or [
        one for one in accounts if one.workspace_member_id == wanted
    ]
    if not named:
        raise errors.StepInputError(
            f"No connected account found for workspace member '{wanted[:100]}', and none has this id: "
            "`ventuno accounts list` shows all"
        )
    return named[0]


def result_of(letter: Letter, account: Account) -> JsonObject:
    """Return what both actions result in. Source: reference §3.8"""
    lists = letter.recipients
    return {
        "recipients": [one.address for one in lists.to],
        "ccRecipients": [one.address for one in lists.cc],
        "bccRecipients": [one.address for one in lists.bcc],
        "subject": letter.subject,
        "sanitizedHtmlBody": letter.html,
        "plainTextBody": letter.text,
        "connectedAccountId": account.id,
        "attachmentCount": len(letter.files),
    }


def result_schema(**more: Schema) -> Object:
    """Return the schema of the result, with members of one action."""
    addresses = Array(TEXT)
    return Object(
        {
            "recipients": addresses,
            "ccRecipients": addresses,
            "bccRecipients": addresses,
            "subject": TEXT,
            "sanitizedHtmlBody": TEXT,
            "plainTextBody": TEXT,
            "connectedAccountId": TEXT,
            "attachmentCount": NUMBER,
            **more,
        }
    )
