"""An emulator of its own for a test: a process on a free port, with a data folder."""

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PYTHON = (sys.executable,)
START_SECONDS = 30
STOP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path
    log: Path

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, *arguments: str, port: int | None = None, iam: bool = False) -> Emulator:
    """Start an emulator and wait for its ready line; `iam` makes it enforce policies."""
    port = port or free_port()
    log = data.with_name(f"{data.name}-{port}.log")
    with log.open("wb") as sink:
        process = launch(data, port, sink, *arguments, iam=iam)
    _await_ready(process, log)
    return Emulator(process, port, data, log)


def launch(
    data: Path, port: int, sink: IO[bytes], *arguments: str, iam: bool = False
) -> subprocess.Popen[bytes]:
    python = ("env", "AUTH=true", *PYTHON) if iam else PYTHON  # MiniStack's switch for IAM
    command = [*python, "-m", "ventuno_dev.emulator", "--port", str(port), "--data", str(data), *arguments]
    return subprocess.Popen(command, stderr=sink, stdout=sink)  # noqa: S603 - our interpreter, our program


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 50):
        if b"ready on" in log.read_bytes():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
            break
    process.kill()
    raise AssertionError(f"the emulator did not start: {log.read_text()}")


@contextlib.contextmanager
def running(*arguments: str, iam: bool = False) -> Iterator[Emulator]:
    """Run an emulator with an empty data folder for the block."""
    with tempfile.TemporaryDirectory(prefix="ventuno-emulator-") as folder:
        emulator = start(Path(folder, "data"), *arguments, iam=iam)
        try:
            yield emulator
        finally:
            emulator.kill()
