"""Counts the requests a process makes to AWS, by operation.

Adapters feed it, `runs show --figures` prints it.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock

_SAVE = "dynamodb:PutItem"


class CallCounter:
    """A counter that is emptied at the start of each step; a find sends its requests from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def add(self, service: str, operation: str) -> None:
        """Count one request."""
        with self._lock:
            self._counts[f"{service}:{operation}"] += 1

    def start(self) -> None:
        """Forget what was counted before."""
        self._counts.clear()

    def counts(self) -> dict[str, int]:
        """Return the counts since `start`."""
        return dict(sorted(self._counts.items()))

    def counts_with_save(self) -> dict[str, int]:
        """Return the counts with the write that is about to store them."""
        return dict(sorted((self._counts + Counter({_SAVE: 1})).items()))
