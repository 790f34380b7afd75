"""Frames: lines of the log, each with the length and checksum of its JSON.

A process that is killed leaves at most one torn frame, at the end. Damage anywhere else is not ours.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ventuno_dev.emulator.values import Json

Default = Callable[[Json], Json] | None

HEAD_BYTES = 18  # "crc32 " + "length " + newline at the end: 8 + 1 + 8 + 1


class BrokenLogError(RuntimeError):
    """The log is damaged before its end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One record of the log, and the offset where the next one begins."""

    value: Json
    end: int


def encode(value: Json, default: Default = None) -> bytes:
    """Give the line of one record."""
    return _line(json.dumps(value, separators=(",", ":"), default=default).encode())


def encode_list(values: Iterable[Json], default: Default = None) -> bytes:
    """Give the line of a list, encoded value by value, so that other threads get their turn."""
    texts = [json.dumps(value, separators=(",", ":"), default=default) for value in values]
    return _line(f"[{','.join(texts)}]".encode())


def _line(body: bytes) -> bytes:
    return b"%08x %08x " % (zlib.crc32(body), len(body)) + body + b"\n"


def read(path: Path, limit: int | None = None) -> Iterator[Frame]:
    """Give the frames of a file up to `limit` bytes; a torn last frame is left out.

    Raises: BrokenLogError when a frame before the last is damaged.
    """
    size = path.stat().st_size if limit is None else limit
    with path.open("rb") as file:
        offset = 0
        while offset < size:
            body = _body(file)
            if body is None:
                _require_torn_tail(path, offset, size, file)
                return
            offset += HEAD_BYTES + len(body) + 1
            yield Frame(json.loads(body), offset)


def _body(file: IO[bytes]) -> bytes | None:
    head = file.read(HEAD_BYTES)
    try:
        checksum, length = (int(part, 16) for part in head.split())
    except ValueError:
        return None
    body = file.read(length)
    whole = len(head) == HEAD_BYTES and len(body) == length and file.read(1) == b"\n"
    return body if whole and zlib.crc32(body) == checksum else None


def _require_torn_tail(path: Path, offset: int, size: int, file: IO[bytes]) -> None:
    """A torn frame is a prefix of a frame, so it contains no line end before the last byte of the file."""
    file.seek(offset)
    rest = file.read(size - offset)
    if b"\n" in rest[:-1] or rest.endswith(b"\n"):
        raise BrokenLogError(f"{path} is damaged at byte {offset}")
