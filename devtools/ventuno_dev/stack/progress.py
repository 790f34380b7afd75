"""How long work tells what it does; the command line shows it, tests record it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives what happens, as it happens."""

    def step(self, text: str) -> None:
        """Take one step of the work, worth a line."""

    def detail(self, text: str) -> None:
        """Take a sign of life between steps, worth showing while it is the newest."""
