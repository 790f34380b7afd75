"""State names: readable, unique in the whole machine, and stable when other steps change.

Names have at most 80 characters.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_LIMIT = 80
_DIGEST_LENGTHS = (8, 16, 32)


def slug(text: str) -> str:
    """Reduce text to lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def state_names(steps: Mapping[str, str], limit: int = NAME_LIMIT) -> dict[str, str]:
    """Name the states of steps, given as id → name: the name to be read, a digest of the id to be unique.

    The digests are as long as it takes for all to differ, which is 8 digits but for contrived ids.
    """
    digests = {step_id: hashlib.sha256(step_id.encode()).hexdigest() for step_id in steps}
    length = next(
        size for size in _DIGEST_LENGTHS if len({text[:size] for text in digests.values()}) == len(steps)
    )
    return {step_id: _name(name, digests[step_id][:length], limit) for step_id, name in steps.items()}


def _name(step_name: str, digest: str, limit: int) -> str:
    readable = slug(step_name)[: limit - len(digest) - 1].strip("-") or "step"
    return f"{readable}~{digest}"
