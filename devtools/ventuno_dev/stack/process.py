"""Life of the embedded emulator: started detached, known by its pid file, stopped gently and then not.

Only a process whose pid and creation time match the pid file is ever signalled.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

from ventuno_dev.stack import health, pidfile
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import DataFolderError, PortBusyError, StackError, StartError

if TYPE_CHECKING:
    from pathlib import Path

    from ventuno_dev.stack.pidfile import PidRecord
    from ventuno_dev.stack.progress import Progress


START_SECONDS = 60
STOP_SECONDS = 20
_LOG_TAIL_BYTES = 4000


def start(data: Path, port: int, progress: Progress, *, command: tuple[str, ...] = ()) -> PidRecord:
    """Start the emulator of a data folder and return once it answers.

    Raises: PortBusyError, DataFolderError, StartError
    """
    folder = DataFolder(data)
    folder.prepare()
    pidfile.remove(data)  # the caller saw that its process is gone
    refuse_busy_port(port)
    log_start = folder.log.stat().st_size if folder.log.exists() else 0
    child = _spawn(folder, port, command)
    progress.step(f"starting the emulator on port {port}")
    record = pidfile.write(data, child.pid, port)
    try:
        _await_health(child, folder, record, log_start)
    except BaseException:
        stop(data, progress, patience_seconds=2)
        raise
    return record


def stop(data: Path, progress: Progress, *, patience_seconds: float = STOP_SECONDS) -> bool:
    """Stop the emulator of a data folder; tell whether one ran. It saves its state before it ends."""
    record = pidfile.read(data)
    process = pidfile.process_of(record) if record else None
    if process:
        progress.step(f"stopping the emulator (pid {process.pid})")
        _end(process, patience_seconds, progress)
    pidfile.remove(data)
    return process is not None


def refuse_busy_port(port: int) -> None:
    """Raise PortBusyError if something listens on the port, naming it if the system tells."""
    if not _listening(port):
        return
    owner = _listener(port)
    who = f"{owner.name()} (pid {owner.pid})" if owner else "another process"
    raise PortBusyError(f"port {port} is used by {who}: stop it, or choose another one with --port")


def _spawn(folder: DataFolder, port: int, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    module = command or (sys.executable, "-m", "ventuno_dev.emulator")
    arguments = ["--port", str(port), "--data", str(folder.emulator)]
    with folder.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder.root,
            start_new_session=True,
        )


def _await_health(
    child: subprocess.Popen[bytes], folder: DataFolder, record: PidRecord, log_start: int
) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if child.poll() is not None:
            raise _early_end(child, folder, log_start)
        if health.is_healthy(f"http://127.0.0.1:{record.port}"):
            # Let go of the child: Popen would warn that it outlives us, which is the aim.
            child.returncode = 0
            return
        time.sleep(0.03)
    raise StartError(f"the emulator did not answer within {START_SECONDS} s: see {folder.log}")


def _early_end(child: subprocess.Popen[bytes], folder: DataFolder, log_start: int) -> StackError:
    """Tell why the emulator ended; what it says about its folder is a sentence to show as it is."""
    reason = _last_line(folder.log, log_start)
    if str(folder.root) in reason:
        return DataFolderError(reason)
    return StartError(f"the emulator ended at once with code {child.returncode} ({reason}): see {folder.log}")


def _last_line(log: Path, start: int) -> str:
    """Return the last line that was written since `start`."""
    with log.open("rb") as file:
        file.seek(max(start, log.stat().st_size - _LOG_TAIL_BYTES))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("emulator: ") if lines else "it wrote nothing"


def _end(process: psutil.Process, patience_seconds: float, progress: Progress) -> None:
    """Ask, wait, then kill; psutil checks the creation time again before each signal."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
        if not _ended_within(process, patience_seconds):
            progress.step(f"it did not stop within {patience_seconds:.0f} s: killing it")
            process.kill()
            _ended_within(process, STOP_SECONDS)


def _ended_within(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end; a zombie has ended, and only its parent can make it vanish."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            process.wait(0.02)  # takes the zombie away if it is our child
        except psutil.TimeoutExpired:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        else:
            return True
    return False


def _listening(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _listener(port: int) -> psutil.Process | None:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return psutil.Process(connection.pid)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass
    return None
