"""StepLog: what a step tells of its work beside its result, bounded, for people who look at the run.

Item:   {"details": {type, …}, "entries": [{timestamp, level, message}], "truncated"?: {droppedEntries,
        droppedBytes}, "sizeBytes": n}
Source: reference §1.1
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue

MAX_LOG_BYTES: Final = 256_000


class Level(StrEnum):
    """How much an entry matters."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


class StepLog:
    """The log of one try of one step. Whoever writes to it has taken secrets out."""

    def __init__(self) -> None:
        self.details: JsonObject = {}
        self._entries: list[JsonValue] = []
        self._bytes = 0
        self._dropped_entries = 0
        self._dropped_bytes = 0

    def add(self, timestamp: str, level: Level, message: str) -> None:
        """Add an entry; once the log is full it is only counted."""
        entry: JsonObject = {"timestamp": timestamp, "level": level.value, "message": message}
        size = _size(entry)
        if self._dropped_entries or self._bytes + size > MAX_LOG_BYTES:
            self.dropped(1, size)
            return
        self._entries.append(entry)
        self._bytes += size

    def dropped(self, entries: int, size_bytes: int) -> None:
        """Count entries that were left out, here or where they were made."""
        self._dropped_entries += entries
        self._dropped_bytes += size_bytes

    def to_value(self) -> JsonObject | None:
        """Return the log as it is stored; None when nothing was told."""
        if not self.details and not self._entries:
            return None
        log: JsonObject = {"details": self.details, "entries": self._entries}
        if self._dropped_entries:
            log["truncated"] = {"droppedEntries": self._dropped_entries, "droppedBytes": self._dropped_bytes}
        return {**log, "sizeBytes": self._bytes + _size(self.details)}


def _size(value: JsonValue) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
