"""The real clock and the real source of chance."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one clock that is injected


class SystemIds:
    """The operating system's source of random bytes."""

    def new_id(self) -> str:
        """Return a random UUID."""
        return str(uuid.uuid4())

    def new_secret(self) -> str:
        """Return 32 random bytes as URL-safe text."""
        return secrets.token_urlsafe(32)
