"""DRAFT_EMAIL: write an e-mail that a person sends, changes nothing outside.

Compiles to a Task; safe to retry because the draft's id is made of the step.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

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
from ventuno.mail.attachments import check_files
from ventuno.mail.draft import Draft
from ventuno.schemas import UUID

if TYPE_CHECKING:
    from ventuno.actions.base import StepCall
    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema

_IDS_BY_KEY: Final = uuid.UUID("1c1ab2ac-3f55-4c0e-9d0e-0b6a54a86a31")


class DraftEmail(EmailAction):
    """Result: what the draft says, and its id. Source: reference §3.8; decisions, Actions."""

    wire_type = "DRAFT_EMAIL"
    about = About(
        settings=SETTINGS_ABOUT,
        result="what the draft says; `ventuno drafts send` and `POST /drafts/{draftId}/send` send it "
        "within 90 days.",
        errors={
            errors.StepInputError: "an address, a header or a file cannot be used, or there is no account"
        },
        examples=(
            Example(
                "A welcome that somebody reads first",
                EXAMPLE,
                {**EXAMPLE_RESULT, "draftId": "20202020-0687-4c41-b707-ed1bfca972a7"},
            ),
        ),
    )

    def output_schema(self, settings: EmailSettings, scope: StepScope) -> Schema:
        """Return the schema of the result."""
        del settings, scope
        return result_schema(draftId=UUID)

    def run(self, settings: EmailSettings, call: StepCall) -> JsonValue:
        """Store the draft, unless it is stored. Raises: StepInputError, StoreUnavailableError"""
        letter = letter_of(settings, call)
        account = account_of(settings.connected_account_id, call)
        check_files(letter.files, call.outside)
        draft = Draft(
            id=str(uuid.uuid5(_IDS_BY_KEY, call.key)),
            account_id=account.id,
            letter=letter,
            created_at=call.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            run_id=call.causation[-1] if call.causation else "",
        )
        stored = call.outside.mailbox.add_draft(draft)
        return {**result_of(stored.letter, account), "draftId": stored.id}
