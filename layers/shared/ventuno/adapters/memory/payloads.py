"""PayloadStore in memory."""

from __future__ import annotations


class MemoryPayloadStore:
    """Bodies in a dictionary."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put(self, key: str, body: bytes) -> None:
        """Store a body."""
        self.bodies[key] = body

    def get(self, key: str) -> bytes | None:
        """Read a body, or None when the key is unknown."""
        return self.bodies.get(key)

    def delete(self, key: str) -> None:
        """Forget a body."""
        self.bodies.pop(key, None)
