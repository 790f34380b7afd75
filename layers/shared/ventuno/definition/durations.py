"""Durations as authors write them: `{days, hours, minutes, seconds}`, summed; a year is the most.

Source: reference §3.14; https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.model import Step

UNITS: Final = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
"""Units: seconds."""

ONE_YEAR_SECONDS: Final = 365 * 86_400


def total_seconds(amounts: Mapping[str, float]) -> float:
    """Sum a duration's amounts by unit."""
    return sum(amounts[unit] * seconds for unit, seconds in UNITS.items() if unit in amounts)


def form_timeout_seconds(step: Step) -> int:
    """Read how long a FORM waits; what has the wrong type counts as left out, its own model reports it."""
    given: dict[str, Any] = step.settings.input if isinstance(step.settings.input, dict) else {}
    written = given.get("expiresAfter")
    if not isinstance(written, dict) or not all(type(amount) in (int, float) for amount in written.values()):
        return ONE_YEAR_SECONDS
    seconds = total_seconds(written)
    return max(1, round(seconds)) if 0 < seconds <= ONE_YEAR_SECONDS else ONE_YEAR_SECONDS
