"""One execution environment: a worker process, its socket and its log file.

One thread at a time makes a call. After a timeout or an exit the environment must be replaced.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
INIT_SECONDS = 60.0  # AWS gives 10 s, on hardware of its own
LOG_KEPT_BYTES = 4 * 1024 * 1024

# Nothing here takes traces, and making them costs a step an eighth of its time.
# Source: https://docs.aws.amazon.com/powertools/python/latest/environment_variables/
WITHOUT_TRACING = {"POWERTOOLS_TRACE_DISABLED": "true"}

# Workers die with the thread that started them (PR_SET_PDEATHSIG), so one thread starts all and never ends.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ventuno-spawner")


@dataclass(frozen=True, slots=True)
class Function:
    """What a worker needs to know of a function version."""

    name: str
    version: str
    handler: str
    memory: int
    folder: Path
    layers: tuple[Path, ...]
    variables: Mapping[str, str]
    log_group: str
    log_stream: str


class DiedError(Exception):
    """The worker process has ended during a call."""


class TimedOutError(Exception):
    """The call took longer than the function's timeout; the worker was killed."""


class InitError(Exception):
    """The handler could not be loaded. `failure` describes it as the Lambda service does."""

    def __init__(self, failure: dict[str, Any]) -> None:
        super().__init__(failure["errorMessage"])
        self.failure = failure


class Environment:
    """A running worker of one function version."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.idle_since = time.monotonic()
        self._log = _log_file()
        self._log_read = 0
        ours, theirs = socket.socketpair()
        self._channel = ours
        with theirs:
            self._process = _spawner.submit(_start, function, theirs, self._log).result()
        try:
            self._init()
        except BaseException:
            self.kill()
            raise

    @property
    def alive(self) -> bool:
        """Tell whether the worker can take a call."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Give the worker's process id."""
        return self._process.pid

    def call(self, call: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
        """Make one call. Gives `{result | failure, memory_mb}`. Raises: TimedOutError, DiedError."""
        return self._exchange({**call, "timeout": timeout_seconds}, timeout_seconds)

    def log(self) -> str:
        """Give what the function has written since the last time."""
        size = os.fstat(self._log).st_size
        text = os.pread(self._log, size - self._log_read, self._log_read).decode(errors="replace")
        self._log_read = size
        if size > LOG_KEPT_BYTES:
            os.ftruncate(self._log, 0)
            self._log_read = 0
        return text

    def kill(self) -> None:
        """End the worker at once."""
        self._process.kill()
        self._process.wait()
        self._channel.close()
        with contextlib.suppress(OSError):
            os.close(self._log)

    def _init(self) -> None:
        function = self.function
        answer = self._exchange(
            {
                "name": function.name,
                "version": function.version,
                "handler": function.handler,
                "memory": function.memory,
                "folder": str(function.folder),
                "layers": [str(layer) for layer in function.layers],
                "log_group": function.log_group,
                "log_stream": function.log_stream,
            },
            INIT_SECONDS,
        )
        if "failure" in answer:
            raise InitError(answer["failure"])

    def _exchange(self, message: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_seconds
        body = json.dumps(message).encode()
        try:
            self._channel.settimeout(timeout_seconds)
            self._channel.sendall(len(body).to_bytes(4, "big") + body)
            size = int.from_bytes(self._read(4, deadline), "big")
            answer: dict[str, Any] = json.loads(self._read(size, deadline))
        except TimeoutError as exc:
            self._process.kill()
            raise TimedOutError from exc
        except (ConnectionError, EOFError) as exc:
            raise DiedError(f"exit status {self._process.wait()}") from exc
        return answer

    def _read(self, count: int, deadline: float) -> bytes:
        buffer = bytearray(count)
        view = memoryview(buffer)
        read = 0
        while read < count:
            self._channel.settimeout(max(deadline - time.monotonic(), 0.001))
            size = self._channel.recv_into(view[read:])
            if not size:
                raise EOFError
            read += size
        return bytes(buffer)


def _start(function: Function, channel: socket.socket, log: int) -> subprocess.Popen[bytes]:
    number = channel.fileno()
    # -P: the folder of worker.py is not on the import path of the function.
    return subprocess.Popen(  # noqa: S603 - our interpreter, our program
        [sys.executable, "-P", str(WORKER), str(number), str(os.getpid())],
        cwd=function.folder,
        env={**WITHOUT_TRACING, **function.variables},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=(number,),
        start_new_session=True,
    )


def _log_file() -> int:
    number, path = tempfile.mkstemp(prefix="ventuno-log-")
    os.close(number)
    try:
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    finally:
        Path(path).unlink()
