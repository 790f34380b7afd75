"""How many runs a workflow may start; None is no limit, which is the default of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

MOST_AT_ONCE = 500
"""The runs that go on at once are listed in one row, which every start and every end rewrites."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Runs a minute and runs at once, beyond which runs wait; runs an hour, beyond which they are refused."""

    per_minute: int | None = None
    per_hour: int | None = None
    at_once: int | None = None

    def to_dict(self) -> JsonObject:
        """Return the wire form, without limits that are not set."""
        told: JsonObject = {"perMinute": self.per_minute, "perHour": self.per_hour, "atOnce": self.at_once}
        return {name: value for name, value in told.items() if value is not None}

    @classmethod
    def from_dict(cls, fields: Any) -> Limits:  # noqa: ANN401 - a row's nested fields
        """Read the wire form."""
        return cls(fields.get("perMinute"), fields.get("perHour"), fields.get("atOnce"))


NO_LIMITS = Limits()
