"""Deadlines: call functions at given moments from one daemon thread, however many are pending.

A thread per timer would leave thousands of threads behind for machines that allow a year.
"""

import contextvars
import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger("ventuno.emulator")


@dataclass(order=True, slots=True)
class _Entry:
    moment: float
    number: int
    call: Callable[[], object] | None = field(compare=False)


class Deadlines:
    """A queue of calls by moment. Units: seconds from now."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._started = False

    def after(self, seconds: float, call: Callable[[], object]) -> Callable[[], None]:
        """Run `call` in `seconds`, in the caller's context. Returns what cancels it."""
        context = contextvars.copy_context()
        entry = _Entry(time.monotonic() + seconds, next(self._numbers), lambda: context.run(call))
        with self._changed:
            heapq.heappush(self._entries, entry)
            self._start()
            self._changed.notify()

        def cancel() -> None:
            entry.call = None

        return cancel

    def _start(self) -> None:
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, daemon=True, name="ventuno-deadlines").start()

    def _run(self) -> None:
        while True:
            call = self._next()
            if call is None:
                continue
            try:
                call()
            except Exception:
                logger.exception("A deadline's action failed")

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            if not self._entries:
                self._changed.wait()
                return None
            remaining = self._entries[0].moment - time.monotonic()
            if remaining > 0:
                self._changed.wait(min(remaining, threading.TIMEOUT_MAX))
                return None
            return heapq.heappop(self._entries).call


DEADLINES = Deadlines()
