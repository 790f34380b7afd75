"""Virtual time: what happens when, and in which order at one instant.

Acts of one instant happen in the order in which they were scheduled, so a simulation always repeats itself.
"""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timeline:
    """A queue of acts. Units: `now` and all times are virtual seconds since `start`."""

    def __init__(self, start: datetime) -> None:
        self.now = 0.0
        self._start = start
        self._acts: list[tuple[float, int, Callable[[], None]]] = []
        self._scheduled = 0

    def instant(self, after: float = 0.0) -> datetime:
        """Return the current instant, or one some seconds after it."""
        return self._start + timedelta(seconds=self.now + after)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Schedule an act."""
        self._scheduled += 1
        heapq.heappush(self._acts, (self.now + seconds, self._scheduled, act))

    def clear(self) -> None:
        """Forget everything that is scheduled."""
        self._acts.clear()

    def step(self, until: float | None) -> bool:
        """Let the next act happen, unless it lies after `until`; tell whether there was one."""
        if not self._acts or (until is not None and self._acts[0][0] > until):
            return False
        self.now, _, act = heapq.heappop(self._acts)
        act()
        return True

    def wait(self, until: float) -> None:
        """Let time pass in which nothing happens."""
        self.now = max(self.now, until)


def told_instant(instant: datetime) -> str:
    """Write an instant as the reference does: ISO 8601, UTC, milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
