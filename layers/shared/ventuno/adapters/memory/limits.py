"""LimitStore in memory: the same answers as the table."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock


class MemoryLimitStore:
    """Counts and places under one lock."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.places: defaultdict[str, set[str]] = defaultdict(set)
        self._lock = Lock()

    def take(self, owner: str, window: str, most: int, expires_at: int) -> bool:
        """Count one more, unless there are `most`."""
        del expires_at
        with self._lock:
            if self._counts[owner, window] >= most:
                return False
            self._counts[owner, window] += 1
            return True

    def give_back(self, owner: str, window: str) -> None:
        """Count one less."""
        with self._lock:
            self._counts[owner, window] -= 1

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
