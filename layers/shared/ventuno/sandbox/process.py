"""ScriptProcess: the side of the sandbox that holds the clock and the network.

It starts the worker, makes the requests of its scripts, and kills it when a script outlasts its time, however
it does that: a loop inside the engine, or a machine too busy for the engine's own clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING, Any, Final

from ventuno.sandbox.call import CodeOutcome, Failure, Line, Prepared, timeout_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.sandbox.call import CodeCall

    Fetch = Callable[[dict[str, Any], str, float], str]

# The engine ends a script by the processor's time, which on a busy machine runs slower than the clock.
GRACE_SECONDS: Final = 0.5
GRACE_SHARE: Final = 0.05
PREPARING_SECONDS: Final = 25.0
MAX_PARALLEL_REQUESTS: Final = 8


class _Died(Exception):  # noqa: N818 - says what happened
    """The worker has ended."""


class ScriptProcess:
    """One worker, started when it is first needed; calls wait for each other.

    `fetch(request, key, seconds)` makes a request and returns JSON text: an answer, or {"error": …}.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._number = 0
        self._pool: ThreadPoolExecutor | None = None

    def run(self, call: CodeCall) -> CodeOutcome:
        """Run a script."""
        with self._lock:
            begun = time.monotonic()
            try:
                done = self._call({"run": call.to_value()}, call.timeout_seconds, call.key)
            except TimeoutError:
                failure = Failure(timeout_message(call.timeout_seconds), timed_out=True)
            except _Died:
                failure = Failure("the script ended its process, most likely for want of memory")
            else:
                return CodeOutcome.from_value(done)
            lost = Line(0, "warn", "the process had to be ended; the console is lost with it")
            return CodeOutcome(None, failure, (lost,), seconds=time.monotonic() - begun)

    def prepare(self, code: str) -> Prepared:
        """Parse code and take types out of it."""
        with self._lock:
            try:
                return Prepared(**self._call({"prepare": code}, PREPARING_SECONDS, ""))
            except (TimeoutError, _Died):
                return Prepared(None, "the code is too large or too deeply nested to be parsed")

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._end()

    def _call(self, frame: dict[str, Any], seconds: float, key: str) -> Any:  # noqa: ANN401 - JSON
        """Make one call of the worker. Raises: TimeoutError, _Died"""
        connection = self._started()
        self._number += 1
        until, grace = time.monotonic() + seconds, GRACE_SECONDS + GRACE_SHARE * seconds
        try:
            self._send(connection, frame)
            while connection.poll(max(until + grace - time.monotonic(), 0)):
                told = json.loads(connection.recv_bytes())
                if "done" in told:
                    return told["done"]
                self._begin(told["fetch"], key, until)
        except (EOFError, OSError) as error:
            self._end()
            raise _Died from error
        self._end()
        raise TimeoutError

    def _begin(self, request: dict[str, Any], key: str, until: float) -> None:
        """Make a request beside others; its answer goes to the worker as soon as it is there."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(MAX_PARALLEL_REQUESTS, thread_name_prefix="fetch")
        number, connection = self._number, self._connection

        def work() -> None:
            text = self._fetch(request, key, until - time.monotonic())
            if number == self._number and connection is not None:
                self._send(connection, {"answer": [number, request["id"], text]})

        self._pool.submit(work)

    def _send(self, connection: Connection, frame: dict[str, Any]) -> None:
        body = json.dumps(frame).encode()
        with self._sending:
            connection.send_bytes(body)

    def _started(self) -> Connection:
        if self._worker is not None and self._connection is not None and self._worker.poll() is None:
            return self._connection
        self._end()
        ours, theirs = Pipe()
        with theirs:
            self._worker = subprocess.Popen(  # noqa: S603 - our interpreter, our program
                [sys.executable, "-P", "-m", "ventuno.sandbox.worker", str(theirs.fileno())],
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TZ": "UTC", "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        self._connection = ours
        self._number = 0
        return ours

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        with self._sending:  # a request that ends now must not write to whatever gets this number next
            if self._connection is not None:
                self._connection.close()
        self._worker = self._connection = None
