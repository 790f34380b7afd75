"""Author text as it may stand in a message: cut when long, control characters made visible."""

from __future__ import annotations

_LONGEST = 80


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return the text for people."""
    cut = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)
