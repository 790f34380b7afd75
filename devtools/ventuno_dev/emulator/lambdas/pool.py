"""Pool: the warm execution environments of one function version, bounded.

A call takes a free environment; if none gets free soon, a new one is started, up to the bound.
At the bound calls queue in order. If no call ends for long, one environment beyond the bound is started all
the same, because the calls may be waiting for one in the queue (a function that invokes itself).
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable

from ventuno_dev.emulator.lambdas.environment import Environment

MAX_ENVIRONMENTS = 8
PATIENCE_SECONDS = 0.03  # a call that has waited so long starts an environment
STALLED_SECONDS = 5.0  # no call has ended for so long
IDLE_SECONDS = 60.0  # after this, all but one idle environment are ended

Place = queue.SimpleQueue[
    Environment | None
]  # gives a waiting call an environment, or the right to start one


class Pool:
    """Environments of one function version. `start` makes a new one and may raise InitError."""

    def __init__(self, start: Callable[[], Environment]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._free: list[Environment] = []
        self._waiting: deque[Place] = deque()
        self._count = 0
        self._moved = time.monotonic()
        self._retired = False

    def take(self) -> Environment:
        """Give an environment that no other call uses. Raises: InitError."""
        environment = self._taken_or_waited_for()
        while environment is not None and not environment.alive:
            self.discard(environment)
            environment = self._taken_or_waited_for()
        return environment or self._started()

    def give_back(self, environment: Environment) -> None:
        """Return an environment after a call that it survived."""
        with self._lock:
            self._moved = environment.idle_since = time.monotonic()
            surplus = self._retired or self._count > MAX_ENVIRONMENTS
            if not surplus and self._waiting:
                self._waiting.popleft().put(environment)
            elif not surplus:
                self._free.append(environment)
        if surplus:
            self.discard(environment)

    def discard(self, environment: Environment) -> None:
        """End an environment instead of returning it."""
        self._pass_right_on()
        environment.kill()

    def retire(self) -> None:
        """End the free environments now, and the others after their calls."""
        with self._lock:
            self._retired = True
            free, self._free = self._free, []
        for environment in free:
            self.discard(environment)

    def trim(self) -> None:
        """End environments that have been idle for long, except one."""
        limit = time.monotonic() - IDLE_SECONDS
        with self._lock:
            idle = [found for found in self._free if found.idle_since < limit]
            surplus = idle[: max(self._count - 1, 0)]
            self._free = [found for found in self._free if found not in surplus]
        for environment in surplus:
            self.discard(environment)

    def _taken_or_waited_for(self) -> Environment | None:
        """Give a free environment, now or when one is returned; None means: start one, it is counted."""
        place: Place = queue.SimpleQueue()
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._may_start():
                self._count += 1
                return None
            self._waiting.append(place)
        patience = PATIENCE_SECONDS
        while True:
            try:
                return place.get(timeout=patience)
            except queue.Empty:
                patience = STALLED_SECONDS
            with self._lock:
                if place in self._waiting and self._may_start(after_waiting=True):
                    self._waiting.remove(place)
                    self._count += 1
                    return None

    def _may_start(self, *, after_waiting: bool = False) -> bool:
        if self._count == 0 or self._retired:
            return True
        if not after_waiting:
            return False
        if self._count < MAX_ENVIRONMENTS:
            return True
        stalled = time.monotonic() - self._moved > STALLED_SECONDS
        if stalled:
            self._moved = time.monotonic()
        return stalled

    def _started(self) -> Environment:
        try:
            return self._start()
        except BaseException:
            self._pass_right_on()
            raise

    def _pass_right_on(self) -> None:
        """Let the first waiting call start an environment in place of one that has ended."""
        with self._lock:
            if self._waiting and self._count <= MAX_ENVIRONMENTS:
                self._waiting.popleft().put(None)
            else:
                self._count -= 1
