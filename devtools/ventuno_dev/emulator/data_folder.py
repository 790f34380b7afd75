"""The data folder: everything an emulator keeps, owned by one process at a time.

state/  the log of all services   s3/  objects   lambda/  unpacked code   lock  whose process it is
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

LOCK_SECONDS = 5.0


class FolderInUseError(RuntimeError):
    """Another emulator works on the folder."""


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[Path]:
    """Own the folder for the block. Raises: FolderInUseError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(lock, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield folder
    finally:
        os.close(lock)


def _acquire(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 32, 0).decode()
            # A killed process keeps the lock for the moment that the system needs to end it.
            if _lives(owner) or time.monotonic() > deadline:
                raise FolderInUseError(
                    f"{folder} is in use by process {owner or '?'}; stop that emulator or give another --data"
                ) from None
            time.sleep(0.05)
        else:
            return


def _lives(owner: str) -> bool:
    try:
        return bool(psutil.Process(int(owner)).status() != psutil.STATUS_ZOMBIE)
    except (ValueError, psutil.NoSuchProcess):
        return False
