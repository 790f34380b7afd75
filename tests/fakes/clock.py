"""FakeClock: the Clock port under a test's control; it moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still at `START` until it is advanced."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the current instant."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to an instant; one that has passed already changes nothing."""
        self._now = max(self._now, instant)

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)
