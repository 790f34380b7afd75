"""WriteContext: who writes a record, and what makes the write unique."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a write, as `createdBy` and `updatedBy` show it; `source` is one of the ACTOR sources."""

    source: str
    name: str
    workspace_member_id: str | None = None

    def to_value(self) -> JsonObject:
        """Return the ACTOR value."""
        return {
            "source": self.source,
            "workspaceMemberId": self.workspace_member_id,
            "name": self.name,
            "context": {},
        }


@dataclass(frozen=True, slots=True)
class WriteContext:
    """One write.

    `key` makes it happen once: a second write with it changes nothing and returns the result of the first.
    `causation` is the chain of runs that led here, oldest first.
    """

    actor: Actor
    key: str | None = None
    causation: tuple[str, ...] = ()
