"""The log: a file of frames, each a batch of operations that belong together, synced before it counts.

The first frame says which MiniStack wrote the file. Compaction writes a new file beside it and renames it,
so at every moment exactly one complete file exists; its number is in its name.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ventuno_dev.emulator.storage import frames, operations
from ventuno_dev.emulator.storage.operations import Document, Operation
from ventuno_dev.emulator.values import Json

FORMAT = 1
COMPACT_FROM_BYTES = 32 * 1024 * 1024
COMPACT_GROWTH = 4  # the log is rewritten when it has become this many times as large as its content was
COMPACT_SECONDS = 300


class WrongVersionError(RuntimeError):
    """The log was written by another MiniStack or another format of ours."""


class Log:
    """The open log of one process. Only one thread appends."""

    def __init__(self, folder: Path, version: str, default: Callable[[Any], Any]) -> None:
        self._folder = folder
        self._version = version
        self._default = default
        self._number = 0
        self._content_bytes = 0
        self._file = -1
        self._end = 0
        self._wholes: dict[str, int] = {}

    def open(self) -> Document:
        """Read everything that was saved and make the log ready for appending.

        Raises: BrokenLogError, WrongVersionError
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._remove_leftovers()
        document: Document = {}
        newest = self._newest()
        if newest is None:
            self._start_new(document)
            return document
        self._number = _number(newest)
        document, end = replay(newest, self._version)
        self._attach(newest, end)
        self._rewrite_if_mostly_old(document)
        return document

    def append(self, batch: Iterable[Operation]) -> None:
        """Save a batch; it is on disk when this returns. Raises: OSError, and the batch is not saved."""
        changed = [operation for operation in batch if self._differs(operation)]
        if not changed:
            return
        line = frames.encode_list(changed, self._default)
        try:
            _write(self._file, line)
        except OSError:
            self._wholes.clear()
            os.ftruncate(self._file, self._end)
            raise
        self._end += len(line)
        if self._end > max(COMPACT_FROM_BYTES, COMPACT_GROWTH * self._content_bytes):
            self._compact()

    def _differs(self, operation: Operation) -> bool:
        """Tell whether a service that is saved as a whole differs from what was saved last."""
        if operation[0] != "put" or len(operation[1]) > 1:
            return True
        name = operation[1][0]
        checksum = hash(json.dumps(operation[2], default=self._default))
        differs = self._wholes.get(name) != checksum
        self._wholes[name] = checksum
        return differs

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _rewrite_if_mostly_old(self, document: Document) -> None:
        """Rewrite the log at start when less than half of it is content."""
        lines = _lines(document, self._version, self._default)
        self._content_bytes = sum(len(line) for line in lines)
        if self._end > 2 * self._content_bytes:
            os.close(self._file)
            self._install(lines)
            self._remove_leftovers()

    def _start_new(self, document: Document) -> None:
        self._install(_lines(document, self._version, self._default))

    def _install(self, lines: list[bytes]) -> None:
        self._number += 1
        path = _path(self._folder, self._number)
        write_whole(path, lines)
        self._attach(path, path.stat().st_size)
        self._content_bytes = self._end

    def _compact(self) -> None:
        """Rewrite the log in another process, so that nothing here waits for the interpreter."""
        source, target = _path(self._folder, self._number), _path(self._folder, self._number + 1)
        command = [sys.executable, "-m", "ventuno_dev.emulator.storage.compact"]
        arguments = [str(source), str(self._end), str(target), self._version]
        subprocess.run([*command, *arguments], check=True, timeout=COMPACT_SECONDS)  # noqa: S603 - our program
        os.close(self._file)
        self._number += 1
        self._attach(target, target.stat().st_size)
        self._content_bytes = self._end
        self._remove_leftovers()

    def _attach(self, path: Path, end: int) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        os.ftruncate(self._file, end)
        self._end = end

    def _newest(self) -> Path | None:
        return max(self._folder.glob("state-*.log"), default=None, key=_number)

    def _remove_leftovers(self) -> None:
        newest = self._newest()
        for path in self._folder.glob("state-*.log*"):
            if path != newest:
                path.unlink()


def replay(path: Path, version: str, limit: int | None = None) -> tuple[Document, int]:
    """Give the document that a log describes, and where its last whole frame ends.

    Raises: BrokenLogError, WrongVersionError
    """
    document: Document = {}
    found = frames.read(path, limit)
    head = next(found, None)
    if head is None:
        raise frames.BrokenLogError(f"{path} has no first line")
    _check(head.value, path, version)
    end = head.end
    for frame in found:
        for operation in frame.value:
            operations.apply(document, operation)
        end = frame.end
    return document, end


def rewrite(source: Path, limit: int, target: Path, version: str) -> None:
    """Write the log `target` with the content of `source` and nothing else."""
    document, _ = replay(source, version, limit)
    write_whole(target, _lines(document, version, None))


def write_whole(path: Path, lines: list[bytes]) -> None:
    """Write a file that appears complete or not at all, also after a power cut."""
    temporary = path.with_name(path.name + ".tmp")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write(file, b"".join(lines))
    finally:
        os.close(file)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lines(document: Document, version: str, default: Callable[[Any], Any] | None) -> list[bytes]:
    head = frames.encode({"format": FORMAT, "ministack": version})
    return [
        head,
        *(frames.encode([operations.put((name,), value)], default) for name, value in document.items()),
    ]


def _check(head: Json, path: Path, version: str) -> None:
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise WrongVersionError(f"{path} has a format this version does not read")
    if head.get("ministack") != version:
        raise WrongVersionError(
            f"{path} was written with ministack {head.get('ministack')}, this is {version}"
        )


def _write(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)


def _path(folder: Path, number: int) -> Path:
    return folder / f"state-{number:06d}.log"


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("state-"))
