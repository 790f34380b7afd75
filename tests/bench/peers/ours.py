"""Ventuno as one of the products compared: the local stack, in a data folder of its own."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from tests.bench.bench_runs import DEFINITION, Watch
from tests.bench.peers.peers import resident_mb
from tests.e2e.conftest import start
from tests.e2e.runs import product_of
from tests.fakes.progress import Silent
from ventuno.definition.loading import definition_from
from ventuno_dev.stack import pidfile, process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import httpx

    from tests.e2e.conftest import RunningStack


class Ours:
    """The stack and a watch that sees runs end in the store; a call is over when its run is COMPLETED."""

    name: Final = "ventuno"
    durability: Final = "the result of each step is stored before the next begins; on disk within 2 s"

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._stack: RunningStack | None = None
        self._watch: Watch | None = None
        self._ended = 0
        self._lock = threading.Lock()
        self._path = ""

    def start(self) -> float:
        """Start the stack, deploying to it what is not there yet; return how many seconds that took."""
        began = time.perf_counter()
        self._stack = start(self._data, iam=False)
        seconds = time.perf_counter() - began
        if not self._path:
            self._path = _activated(self._stack)
        self._watch = Watch(self._stack)
        self._watch.__enter__()
        return seconds

    def stop(self) -> None:
        """Stop the stack; its data stays."""
        if self._watch is not None:
            self._watch.__exit__()
            self._watch = None
        process.stop(self._data, Silent())

    def memory_mb(self) -> float:
        """Tell the resident memory of the emulator and its workers."""
        record = pidfile.running(self._data)
        return resident_mb(record.pid) if record else 0.0

    def call(self, http: httpx.Client, body: Mapping[str, str]) -> None:
        """Run the workflow once, until its stored status is COMPLETED."""
        if self._watch is not None and self._stack is not None:
            answer = http.post(self._stack.api_url + self._path, json=body)
            answer.raise_for_status()
            self._watch.wait(answer.json()["workflowRunId"])
            with self._lock:
                self._ended += 1

    def finished(self) -> int:
        """Count the runs seen as COMPLETED in the store."""
        return self._ended


def _activated(stack: RunningStack) -> str:
    """Activate the workflow and return the path of its webhook; the port is another after each start."""
    address = product_of(stack.target).activated("five-steps", definition_from(DEFINITION))
    return address.removeprefix(stack.api_url)
