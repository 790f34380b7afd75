"""The data folder: what lies where, and removal of exactly that, never of files that are not ours."""

from __future__ import annotations

import fcntl
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno_dev.stack import pidfile
from ventuno_dev.stack.errors import DataFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

LOCK_SECONDS = 120
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One local stack's folder. `emulator` belongs to the emulator, which guards it with its own lock."""

    root: Path

    @property
    def emulator(self) -> Path:
        """State of the services."""
        return self.root / "aws"

    @property
    def log(self) -> Path:
        """What the emulator writes."""
        return self.root / "emulator.log"

    @property
    def state(self) -> Path:
        """What this tool remembers about deployed stacks; safe to delete."""
        return self.root / "state.json"

    @property
    def layers(self) -> Path:
        """Layers built for other targets; safe to delete."""
        return self.root / "layers"

    def prepare(self) -> None:
        """Make the folder.

        Raises: DataFolderError if that is impossible
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.log.touch()
        except OSError as exc:
            raise DataFolderError(
                f"{self.root} cannot be a data folder ({exc.strerror}): choose another one with --data"
            ) from exc

    @contextmanager
    def exclusive(self, patience_seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Keep other commands from starting, stopping or deploying here meanwhile.

        Raises: DataFolderError if another command holds the folder for too long
        """
        self.prepare()
        end = time.monotonic() + patience_seconds
        with (self.root / _LOCK).open("w") as lock:
            while not _locked(lock):
                if time.monotonic() > end:
                    raise DataFolderError(
                        f"another `ventuno` command has worked on {self.root} for {patience_seconds:.0f} s: "
                        "wait for it or stop it"
                    )
                time.sleep(0.1)
            yield

    def clear(self) -> None:
        """Remove all that the local stack keeps, and the folder itself if nothing else is in it."""
        for folder in (self.emulator, self.layers):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.log, self.state, self.root / pidfile.FILE_NAME, self.root / _LOCK):
            file.unlink(missing_ok=True)
        if self.root.is_dir() and not any(self.root.iterdir()):
            self.root.rmdir()


def _locked(file: TextIO) -> bool:
    """Try to take the lock; the system releases it when the file is closed, however the process ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
