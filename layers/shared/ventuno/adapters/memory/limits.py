"""LimitStore in memory: the same answers as the table."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TYPE_CHECKING

from ventuno.workflow.windows import Turn

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.workflow.windows import Window


class MemoryLimitStore:
    """Counts and places under one lock."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        self.places: defaultdict[str, set[str]] = defaultdict(set)
        self._lock = Lock()

    def take(self, window: Window, now: datetime) -> Turn:
        """Count one more, unless there are as many as there may be."""
        key = (window.owner, window.seconds)
        with self._lock:
            newest = max([window.slot(now), *self._counts[key]])
            counts = window.live(self._counts[key], newest)
            if window.full(counts):
                return Turn(None, window.seconds_to_room(counts, now))
            self._counts[key] = counts | {newest: counts.get(newest, 0) + 1}
            return Turn(newest)

    def give_back(self, window: Window, slot: int) -> None:
        """Count one less."""
        with self._lock:
            counts = self._counts[window.owner, window.seconds]
            if slot in counts:
                counts[slot] -= 1

    def hold(self, owner: str, run_id: str, most: int) -> bool:
        """Take a place, unless all are taken by others."""
        with self._lock:
            holders = self.places[owner]
            if run_id not in holders and len(holders) >= most:
                return False
            holders.add(run_id)
            return True

    def release(self, owner: str, run_id: str) -> None:
        """Give a place up."""
        with self._lock:
            self.places[owner].discard(run_id)
