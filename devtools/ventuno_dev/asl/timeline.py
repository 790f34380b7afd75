"""Virtual time for machines: acts in order of time; acts of one instant in order, or shuffled by a seed.

An act may be marked as a deadline. Deadlines do not count as something that is still to come.
"""

from __future__ import annotations

import heapq
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    """One scheduled act, which can be cancelled."""

    def __init__(self, act: Callable[[], None], *, deadline: bool) -> None:
        self.act: Callable[[], None] | None = act
        self.deadline = deadline


class MachineTimeline:
    """A queue of acts. Units: virtual seconds since the execution started."""

    def __init__(self, seed: int | None = None) -> None:
        self.now = 0.0
        self._queue: list[tuple[float, float, int, Timer]] = []
        self._scheduled = 0
        self._pending = 0
        self._tie = random.Random(seed).random if seed is not None else lambda: 0.0  # noqa: S311 - no secret

    def later(self, seconds: float, act: Callable[[], None], *, deadline: bool = False) -> Timer:
        """Schedule an act."""
        timer = Timer(act, deadline=deadline)
        self._scheduled += 1
        self._pending += not deadline
        heapq.heappush(self._queue, (self.now + max(0.0, seconds), self._tie(), self._scheduled, timer))
        return timer

    def cancel(self, timer: Timer) -> None:
        """Let an act never happen."""
        if timer.act is not None:
            timer.act = None
            self._pending -= not timer.deadline

    def step(self, until: float | None = None, *, deadlines: bool = True) -> bool:
        """Let the next act happen; tell whether there was one.

        With `deadlines` off, nothing happens once only deadlines are left.
        """
        while self._queue and self._queue[0][3].act is None:
            heapq.heappop(self._queue)
        due = bool(self._queue) and (until is None or self._queue[0][0] <= until)
        if not due or not (deadlines or self._pending):
            return False
        self.now, _, _, timer = heapq.heappop(self._queue)
        act = timer.act
        self.cancel(timer)
        if act is not None:
            act()
        return True
