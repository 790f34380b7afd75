"""Silent: progress that nobody follows."""

from __future__ import annotations


class Silent:
    """What commands tell of their work is dropped."""

    def step(self, text: str) -> None:
        """Ignore it."""

    def detail(self, text: str) -> None:
        """Ignore it."""
