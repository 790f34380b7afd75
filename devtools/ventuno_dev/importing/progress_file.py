"""How far an import came, beside the file it reads, so that the same command goes on where it stopped.

The file's digest and the mapping are kept too: another file or mapping of the same name begins anew.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20  # bytes


@dataclass(slots=True)
class ProgressFile:
    """The rows up to `done` are settled; `refused` of them are in the report.

    `id` is this import's own, so that the same file can be imported again when it is done.
    """

    path: Path
    fingerprint: str
    id: str
    done: int = 0
    refused: int = 0

    @classmethod
    def of(cls, file: Path, setup: str) -> ProgressFile:
        """Read the progress of importing a file so, or begin."""
        path = file.with_name(f"{file.name}.import.json")
        fingerprint = _digest(file, setup)
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["fingerprint"] == fingerprint:
                return cls(path, fingerprint, str(told["id"]), int(told["done"]), int(told["refused"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass  # no progress, or none that can be read: begin anew
        return cls(path, fingerprint, uuid.uuid4().hex)

    def save(self) -> None:
        """Write the progress in place of the one before, never half of it."""
        told = {"fingerprint": self.fingerprint, "id": self.id, "done": self.done, "refused": self.refused}
        new = self.path.with_suffix(".tmp")
        new.write_text(json.dumps(told), encoding="utf-8")
        new.replace(self.path)

    def remove(self) -> None:
        """Forget the progress of an import that is done."""
        self.path.unlink(missing_ok=True)


def _digest(file: Path, setup: str) -> str:
    digest = hashlib.sha256(setup.encode())
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
