"""Garbage: full collections, which stop every request for their time, run when nothing happens.

What survives one is set aside, because tables and executions live long and need not be searched again.
"""

import gc
import sys
import time

YOUNG, MIDDLE = 10_000, 50
NEVER = 1_000_000_000
SWITCH_SECONDS = 0.002  # how long a thread may keep the interpreter from the one that answers requests
WORTH_IT = 20_000  # objects made since the last time
IDLE_SECONDS, BUSY_SECONDS = 10.0, 300.0  # between two full collections

_last: list[float] = [0.0]


def spare_requests() -> None:
    """Switch automatic full collections off; the young generations are collected as ever."""
    gc.set_threshold(YOUNG, MIDDLE, NEVER)
    sys.setswitchinterval(SWITCH_SECONDS)


def collect(*, idle: bool) -> None:
    """Collect everything, unless that was done lately or little was made since."""
    now = time.monotonic()
    recently = now - _last[0] < (IDLE_SECONDS if idle else BUSY_SECONDS)
    if recently or len(gc.get_objects(generation=2)) < WORTH_IT:
        return
    _last[0] = now
    gc.collect()
    gc.freeze()
