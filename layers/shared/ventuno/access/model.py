"""API keys: a token is shown once, only its SHA-256 is stored, its role says what it may do.

A token has 256 random bits, so a plain hash is enough: there is nothing to guess.
Source: decisions, Access.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

TOKEN_PREFIX = "vnt_"  # noqa: S105 - it marks a leaked token for scanners, it is none


class Role(StrEnum):
    """What a key may do; each role includes the ones after it."""

    ADMIN = "admin"
    EDITOR = "editor"
    RUNNER = "runner"
    VIEWER = "viewer"

    def includes(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may do."""
        order = list(Role)
        return order.index(self) <= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. Units: `created_at` is an ISO 8601 UTC instant."""

    id: str
    name: str
    role: Role
    token_hash: str
    created_at: str


def hash_token(token: str) -> str:
    """Return the hash under which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
