"""ISO 8601 text to instants and back; text without an offset is UTC, a date alone is its midnight."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from ventuno.expressions.undefined import Resolved

# `fromisoformat` takes any separator between date and time; only these two are ISO 8601 in practice.
_SHAPE: Final = re.compile(r"[0-9][0-9W-]*(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?")
_YEAR_OR_MONTH: Final = {len("2026"): "-01-01", len("2026-03"): "-01"}


def parse_instant(value: Resolved) -> datetime | None:
    """Read a date or date-time; None for anything else, numbers included."""
    if not isinstance(value, str) or not _SHAPE.fullmatch(value):
        return None
    try:
        parsed = datetime.fromisoformat(value + _YEAR_OR_MONTH.get(len(value), ""))
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_day(text: str) -> bool:
    """Whether the text of an instant names a day only, without a time."""
    return ":" not in text and "T" not in text and " " not in text


def instant_text(moment: datetime) -> str:
    """Write an instant in UTC with no more fraction than it has: 2026-03-18T10:30:00Z."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    whole, point, fraction = text.partition(".")
    return f"{whole}{point}{fraction.rstrip('0')}Z"


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone of an IANA name; None if there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
