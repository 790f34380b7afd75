"""Branches: run jobs side by side, as Parallel and Map do. The first failure ends the others at once.

Each job has its own thread and scope; the caller returns on the first failure without waiting for the rest.
"""

import contextvars
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

from ventuno_dev.emulator.interrupts import Interrupted, Scope, current, entered

Job = Callable[[], Any]


def run_together(jobs: Sequence[Job], limit: int) -> list[Any]:
    """Run all jobs, at most `limit` at a time, and give their results in order.

    Raises: what the first failing job raised; Interrupted when the current scope was cancelled.
    """
    results: list[Any] = [None] * len(jobs)
    finished: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    pending = iter(enumerate(jobs))
    lock, failed = threading.Lock(), threading.Event()
    scope = Scope(current())
    scope.watch(lambda: finished.put(Interrupted()))

    def take() -> tuple[int, Job] | None:
        with lock:
            return None if scope.cancelled or failed.is_set() else next(pending, None)

    def work() -> None:
        with entered(Scope(scope)):
            while (job := take()) is not None:
                failure = _attempt(job, results)
                if failure is not None:
                    failed.set()  # before the caller hears of it: nothing more may start
                finished.put(failure)

    for _ in range(min(limit, len(jobs))):
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), daemon=True, name="ventuno-branch").start()
    _join(len(jobs), finished, scope)
    return results


def _attempt(job: tuple[int, Job], results: list[Any]) -> BaseException | None:
    index, call = job
    try:
        results[index] = call()
    except (Exception, Interrupted) as failure:  # noqa: BLE001 - handed to the thread that waits
        return failure
    return None


def _join(count: int, finished: "queue.SimpleQueue[BaseException | None]", scope: Scope) -> None:
    try:
        for _ in range(count):
            failure = finished.get()
            if failure is not None:
                raise failure
    finally:
        scope.close()
        scope.cancel()
