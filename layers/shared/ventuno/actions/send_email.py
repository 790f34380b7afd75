"""SEND_EMAIL: send an e-mail from a connected account.

Compiles to a Task; safe to retry because what was sent is noted under the step, and not sent again by itself.
A process that ends just when the server takes the message leaves a step that fails and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.email_settings import (
    EXAMPLE,
    EXAMPLE_RESULT,
    SETTINGS_ABOUT,
    EmailAction,
    EmailSettings,
    account_of,
    letter_of,
    result_of,
    result_schema,
)
from ventuno.mail.sending import Sending, send_once
from ventuno.schemas import TEXT

if TYPE_CHECKING:
    from ventuno.actions.base import StepCall
    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema

_ID = "<5d41402abc4b2a76b9719d911017c592@example.com>"


class SendEmail(EmailAction):
    """Result: what was sent, and under which Message-ID. Source: reference §3.8; decisions, Actions."""

    wire_type = "SEND_EMAIL"
    about = About(
        settings=SETTINGS_ABOUT,
        result="what was sent; `threadExternalId` is the Message-ID of the first message of the thread. "
        "`messageId` and `messageThreadId` are null: sent messages are not kept as records, "
        "so that workflows on `message.created` do not answer themselves.",
        errors={
            errors.StepInputError: "an address, a header or a file cannot be used, or there is no account",
            errors.HttpTransportError: "the address of a file did not answer",
            errors.HttpTimeoutError: "the address of a file did not answer in time",
            errors.HttpAnswerError: "the address of a file answered with no file, or with more than 5 MiB",
            errors.SecretMissingError: "there is no secret of the name that the account gives",
            errors.MailTransportError: "the server cannot be reached, or broke off; nothing was sent",
            errors.MailRefusedError: "the server refused the login, the sender, a recipient or the message; "
            "nobody has got it",
            errors.MailUnsureError: "nobody can tell whether it was sent; retrying the run sends it again",
        },
        examples=(
            Example(
                "A welcome",
                EXAMPLE,
                {
                    **EXAMPLE_RESULT,
                    "headerMessageId": _ID,
                    "threadExternalId": _ID,
                    "messageId": None,
                    "messageThreadId": None,
                },
            ),
        ),
    )

    def output_schema(self, settings: EmailSettings, scope: StepScope) -> Schema:
        """Return the schema of the result."""
        del settings, scope
        return result_schema(
            headerMessageId=TEXT, threadExternalId=TEXT, messageId=TEXT, messageThreadId=TEXT
        )

    def run(self, settings: EmailSettings, call: StepCall) -> JsonValue:
        """Send the message, unless it was sent.

        Raises: StepInputError, SecretMissingError, HttpTransportError, HttpAnswerError, MailTransportError,
        MailRefusedError, MailUnsureError
        """
        letter = letter_of(settings, call)
        account = account_of(settings.connected_account_id, call)
        _tell(call, kind=account.kind.value, account=account.id, recipients=len(letter.recipients.all))
        message_id = send_once(Sending(letter, account, call.key, call.attempt, call.now), call.outside)
        _tell(call, messageId=message_id)
        return {
            **result_of(letter, account),
            "headerMessageId": message_id,
            "threadExternalId": letter.thread[0] if letter.thread else message_id,
            "messageId": None,
            "messageThreadId": None,
        }


def _tell(call: StepCall, **details: Any) -> None:  # noqa: ANN401 - any JSON
    call.log.details = {"type": "SEND_EMAIL", **call.log.details, **details}
