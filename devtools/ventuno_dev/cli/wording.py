"""How values read on a line: instants, durations, counts, and results cut to what fits."""

import json
from datetime import UTC, datetime

from ventuno.json_value import JsonValue
from ventuno_dev.cli.tables import printable

NOTHING = "-"
BRIEF_LENGTH = 60
MOST_PARTS = 8  # of an address
BOOKKEEPING = frozenset(
    {"createdAt", "updatedAt", "deletedAt", "position", "createdBy", "updatedBy", "searchVector"}
)
"""Fields of every record that say nothing about this one."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def instant(text: str | None) -> str:
    """Write an ISO instant without the fraction of its second: `2026-11-24 09:30:00`, UTC."""
    if text is None:
        return NOTHING
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def seconds_between(started: str | None, ended: str | None) -> float | None:
    """Return the seconds between two ISO instants, or None when one is missing."""
    if started is None or ended is None:
        return None
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()


def duration(seconds: float | None) -> str:
    """Write a duration with the precision that matters at its size."""
    if seconds is None:
        return NOTHING
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def count(number: int, noun: str) -> str:
    """Write a number of things: `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def brief(value: JsonValue, length: int = BRIEF_LENGTH) -> str:
    """Write a value on one line: the members of an object that tell something, nested ones in short."""
    if isinstance(value, dict):
        text = ", ".join(
            f"{key}: {_inner(member)}" for key, member in value.items() if _tells_something(key, member)
        )
    else:
        text = "" if _is_empty(value) else _inner(value)
    return cut(printable(text), length) or NOTHING


def _tells_something(key: str, member: JsonValue) -> bool:
    return key not in BOOKKEEPING and not _is_empty(member)


def _is_empty(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(member) for member in value.values())
    return value is None or value in ("", [])


def cut(text: str, length: int) -> str:
    """Shorten a text, so that it shows that something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _inner(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{len(value)}]"
    if isinstance(value, dict):
        return _parts(list(value.values())) or "{…}"
    return json.dumps(value)


def _parts(members: list[JsonValue]) -> str:
    """Write what a field of parts says, as a name or an amount; anything larger is no such field."""
    scalars = [member for member in members if not isinstance(member, dict | list)]
    small = len(members) <= MOST_PARTS
    return " ".join(_inner(member) for member in scalars if not _is_empty(member)) if small else ""


def full(value: JsonValue) -> str:
    """Write a value on one line in full: text as it is, anything else as JSON."""
    if value is None:
        return NOTHING
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
