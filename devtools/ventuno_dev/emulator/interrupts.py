"""Interrupts: end the threads that work for an execution, or for one branch of it.

A scope belongs to one execution or branch; cancelling it cancels the scopes below it.
`Interrupted` is a BaseException so that no Retry, no Catch and no `except Exception` can swallow it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Interrupted(BaseException):
    """The work of this thread is no longer wanted."""


class Scope:
    """The right to keep working; threads sleep and check through it."""

    def __init__(self, parent: "Scope | None" = None) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._watchers: dict[object, Callable[[], None]] = {}
        self._leave: Callable[[], None] = parent.watch(self.cancel) if parent else lambda: None

    @property
    def cancelled(self) -> bool:
        """Tell whether the work is unwanted."""
        return self._event.is_set()

    def cancel(self) -> None:
        """End everything below this scope. Idempotent."""
        with self._lock:
            self._event.set()
            watchers, self._watchers = list(self._watchers.values()), {}
        for watcher in watchers:
            watcher()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on cancellation, at once if it has happened. Returns what takes the watch away."""
        key = object()
        with self._lock:
            if not self._event.is_set():
                self._watchers[key] = callback
                return lambda: self._forget(key)
        callback()
        return lambda: None

    def close(self) -> None:
        """Leave the parent scope; called when the work has ended by itself."""
        self._leave()

    def check(self) -> None:
        """Raise when cancelled. Raises: Interrupted."""
        if self._event.is_set():
            raise Interrupted

    def sleep(self, seconds: float) -> None:
        """Sleep unless cancelled. Raises: Interrupted."""
        if self._event.wait(seconds):
            raise Interrupted

    def _forget(self, key: object) -> None:
        with self._lock:
            self._watchers.pop(key, None)


_current: ContextVar[Scope] = ContextVar("ventuno_scope")


def current() -> Scope:
    """Give the scope of this thread; threads outside any execution get one that nobody cancels."""
    return _current.get(None) or Scope()


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Make `scope` the current one for the block, and close it afterwards."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
        scope.close()
