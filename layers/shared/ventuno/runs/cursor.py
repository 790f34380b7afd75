"""The cursor of a list of runs: the sort key at which a page ended, as text for URLs.

Every store writes and reads it in this form, and a text that no list returned is refused.
"""

from __future__ import annotations

import base64
import re

from ventuno import errors

_FORM_KEY = re.compile(r"[0-9TZ:.-]{1,40}(#[A-Za-z0-9_-]{1,80}){2}#[0-9.]{0,200}")
_SORT_KEY = re.compile(
    r"(?:[A-Za-z0-9_-]{1,80}#)?(?P<started_at>[0-9TZ:.-]{1,40})#(?P<run_id>[A-Za-z0-9_-]{1,80})"
)


def to_cursor(sort_key: str) -> str:
    """Write the sort key `<startedAt>#<run id>`, perhaps after a workflow's id, of the last run of a page."""
    return base64.urlsafe_b64encode(sort_key.encode()).decode()


def form_key_from(cursor: str) -> str:
    """Read the sort key `<until>#<run id>#<step>#<iteration>` of a list of forms. Raises: BadRequestError"""
    try:
        sort_key = base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        sort_key = ""
    if not _FORM_KEY.fullmatch(sort_key):
        raise errors.BadRequestError("the cursor is not one that a list of forms returned")
    return sort_key


def sort_key_from(cursor: str) -> tuple[str, str]:
    """Read the sort key and the run id in it. Raises: BadRequestError"""
    try:
        sort_key = base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        sort_key = ""
    found = _SORT_KEY.fullmatch(sort_key)
    if found is None:
        raise errors.BadRequestError("the cursor is not one that a list of runs returned")
    return sort_key, found["run_id"]
