"""The last part of a webhook's address: the workflow's id, and a secret once the address was changed.

An address that was given up may be good for a while longer, so that senders can be told of the new one.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

SEPARATOR = "."
"""Stands between id and secret; neither can have one."""


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An address that is good until an instant, ISO 8601. `secret` is empty for the workflow's id alone."""

    secret: str
    until: str


@dataclass(frozen=True, slots=True)
class HookAddress:
    """The secret in the address, empty as long as it was never changed, and addresses that are still good."""

    secret: str = ""
    old: tuple[OldAddress, ...] = ()

    def part(self, workflow_id: str) -> str:
        """Write the last part of the address."""
        return f"{workflow_id}{SEPARATOR}{self.secret}" if self.secret else workflow_id

    def admits(self, secret: str, now: datetime) -> bool:
        """Whether a call with this secret came to an address that is good."""
        good = [self.secret, *(old.secret for old in self.old if datetime.fromisoformat(old.until) > now)]
        # Every one is compared, whichever it is, so that time tells nothing.
        return any([hmac.compare_digest(secret.encode(), each.encode()) for each in good])  # noqa: C419 - as above

    def changed(self, secret: str, until: datetime, now: datetime) -> HookAddress:
        """Return the next address; this one is good until an instant, which may be now."""
        kept = tuple(old for old in self.old if datetime.fromisoformat(old.until) > now)
        if until > now:
            return HookAddress(secret, (*kept, OldAddress(self.secret, until.isoformat())))
        return HookAddress(secret)

    def to_dict(self) -> JsonObject:
        """Return the form of the row."""
        return {"secret": self.secret, "old": [{"secret": o.secret, "until": o.until} for o in self.old]}

    @classmethod
    def from_dict(cls, fields: Any) -> HookAddress:  # noqa: ANN401 - a row's nested fields
        """Read the form of the row."""
        return cls(fields["secret"], tuple(OldAddress(o["secret"], o["until"]) for o in fields["old"]))


FIRST_ADDRESS = HookAddress()
"""The workflow's id alone."""


def id_and_secret(part: str) -> tuple[str, str]:
    """Read the last part of an address."""
    workflow_id, _, secret = part.partition(SEPARATOR)
    return workflow_id, secret
