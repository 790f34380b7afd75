"""Texts that go into the head of a message: one line, without control characters.

Source: https://www.rfc-editor.org/rfc/rfc5322#section-2.2
"""

from __future__ import annotations

import re
from typing import Final

from ventuno import errors

LONGEST_HEADER: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_MESSAGE_ID: Final = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,400}@[\x21-\x3b\x3d\x3f-\x7e]{1,400}>")


def header_fault(text: str) -> str | None:
    """Say what keeps a text out of a message's head; None when nothing does."""
    if _CONTROL.search(text):
        return "it holds a line break or another control character, which could add headers of its own"
    if len(text) > LONGEST_HEADER:
        return f"it has {len(text)} characters, {LONGEST_HEADER} are allowed"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "it holds half of a character (a lone surrogate)"
    return None


def checked_header(name: str, text: str) -> str:
    """Return a text that may go into the head. Raises: StepInputError"""
    if fault := header_fault(text):
        raise errors.StepInputError(f"the {name} cannot be sent: {fault}")
    return text


def checked_message_id(text: str) -> str:
    """Return a Message-ID, in angle brackets whether or not it came in them. Raises: StepInputError"""
    bare = text.strip()
    written = bare if bare.startswith("<") else f"<{bare}>"
    if not _MESSAGE_ID.fullmatch(written):
        raise errors.StepInputError(
            f"inReplyTo must be a Message-ID such as <id@example.com>, not {bare[:100]!r}"
        )
    return written
