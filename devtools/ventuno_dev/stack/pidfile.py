"""Who runs the emulator of a data folder: pid, creation time and port, so that a reused pid is no match."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "emulator.json"
# Seconds. Linux derives the creation time from the clock, so a correction of the clock moves it a little.
_CLOCK_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class PidRecord:
    """One emulator process. Units: `created` in seconds since the epoch, as psutil gives it."""

    pid: int
    created: float
    port: int


def write(data: Path, pid: int, port: int) -> PidRecord:
    """Record a process just started; the file appears whole or not at all."""
    record = PidRecord(pid, psutil.Process(pid).create_time(), port)
    scratch = data / f"{FILE_NAME}.tmp"
    scratch.write_text(json.dumps(asdict(record)))
    scratch.replace(data / FILE_NAME)
    return record


def read(data: Path) -> PidRecord | None:
    """Return the recorded process, dead or alive; an unreadable file counts as none."""
    try:
        raw = json.loads((data / FILE_NAME).read_text())
        return PidRecord(int(raw["pid"]), float(raw["created"]), int(raw["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def process_of(record: PidRecord) -> psutil.Process | None:
    """Return the live process of the record, or None if it ended or its pid is now a stranger's."""
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.created) <= _CLOCK_SLACK
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def running(data: Path) -> PidRecord | None:
    """Return the record if its process is alive."""
    record = read(data)
    return record if record and process_of(record) else None


def remove(data: Path) -> None:
    """Forget the process."""
    (data / FILE_NAME).unlink(missing_ok=True)
