"""EffectStore in memory."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from ventuno.effects import Effect, EffectState

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


class MemoryEffects:
    """Effects and counters in dictionaries, under a lock."""

    def __init__(self) -> None:
        self._effects: dict[str, Effect] = {}
        self._counters: dict[str, int] = {}
        self._tickets: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def begin(self, key: str, attempt: int) -> Effect | None:
        """Note that an effect may happen; what keeps it from that is returned."""
        with self._lock:
            noted = self._effects.get(key)
            if noted is not None and noted.keeps_from(attempt):
                return noted
            self._effects[key] = Effect(EffectState.BEGUN, attempt)
            return None

    def get(self, key: str) -> Effect | None:
        """Return what is noted."""
        return self._effects.get(key)

    def finish(self, key: str, result: JsonObject) -> None:
        """Note that it has happened."""
        self._effects[key] = replace(self._effects[key], state=EffectState.DONE, result=result)

    def take_back(self, key: str) -> None:
        """Note that it has not happened."""
        self._effects[key] = replace(self._effects[key], state=EffectState.FREE)

    def doubt(self, key: str, attempt: int) -> None:
        """Note that nobody can tell."""
        self._effects[key] = Effect(EffectState.UNSURE, attempt)

    def ticket(self, counter: str, key: str) -> int:
        """Return the next number; the same key gets the same."""
        with self._lock:
            number = self._tickets.setdefault((counter, key), self._counters.get(counter, 0))
            self._counters[counter] = max(self._counters.get(counter, 0), number + 1)
            return number
