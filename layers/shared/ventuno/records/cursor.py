"""The cursor of a find: the place after which the next page begins, and the count that the first page made.

The count travels with the cursor, so that only the first page pays for it and all pages show the same.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from ventuno import errors


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a listing, as `layout.list_position` writes it."""

    after: str
    total_count: int

    def to_text(self) -> str:
        """Write the cursor as text that is safe in an address."""
        return base64.urlsafe_b64encode(json.dumps([self.after, self.total_count]).encode()).decode()


def read_cursor(text: str) -> Cursor:
    """Read what `to_text` wrote.

    Raises: RecordInputError
    """
    try:
        after, total_count = json.loads(base64.urlsafe_b64decode(text.encode()))
        return Cursor(str(after), int(total_count))
    except (ValueError, TypeError, RecursionError) as exc:
        raise errors.RecordInputError(
            "The cursor is none that a find returned: leave it out to begin at the first page", field="cursor"
        ) from exc
