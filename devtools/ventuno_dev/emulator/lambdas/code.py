"""Unpacked code: each deployment package and layer is unpacked once, under the hash of its bytes.

All environments of a function share the folder, and the bytecode in it, across restarts.
"""

import hashlib
import io
import shutil
import stat
import tempfile
import threading
import zipfile
from pathlib import Path


class CodeFolder:
    """Folder of unpacked archives below the data folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    def unpacked(self, archive: bytes) -> Path:
        """Give the folder with the archive's files. Raises: zipfile.BadZipFile."""
        target = self._root / hashlib.sha256(archive).hexdigest()[:32]
        with self._lock:
            if not target.is_dir():
                self._unpack(archive, target)
        return target

    def _unpack(self, archive: bytes, target: Path) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=self._root))
        try:
            with zipfile.ZipFile(io.BytesIO(archive)) as files:
                files.extractall(temporary)
                _set_modes(files, temporary)
            temporary.replace(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def keep_newest(self, count: int) -> None:
        """Delete all but the `count` archives used last; called at start, when nothing runs."""
        if not self._root.is_dir():
            return
        folders = sorted(self._root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for folder in folders[count:]:
            shutil.rmtree(folder, ignore_errors=True)


def _set_modes(files: zipfile.ZipFile, folder: Path) -> None:
    for member in files.infolist():
        mode = member.external_attr >> 16 & 0o777
        if mode and not member.is_dir():
            (folder / member.filename).chmod(mode | stat.S_IRUSR)
