"""State names: readable, unique in the whole machine, and stable when other steps change.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (names ≤ 80
  characters)
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

NAME_LIMIT = 80
_ID_LENGTH = 8


def slug(text: str) -> str:
    """Reduce text to lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def state_name(step_name: str, step_id: str) -> str:
    """Name the state of a step: the step's name for the reader, a digest of its id for uniqueness."""
    digest = hashlib.sha256(step_id.encode()).hexdigest()[:_ID_LENGTH]
    readable = slug(step_name)[: NAME_LIMIT - _ID_LENGTH - 1].strip("-") or "step"
    return f"{readable}~{digest}"
