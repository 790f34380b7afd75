"""Code with third-party packages, built by the Makefile beside it, for targets that bring their own Python.

`sam build` does the same. A build is kept per content of its folder: it downloads packages, which takes time.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from ventuno_dev.stack.errors import BuildError
from ventuno_dev.stack.files import files_below

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_SECONDS = 900


def built(folder: Path, logical_id: str, cache: Path) -> Path:
    """Return a folder with the built content, built on the first call for the sources as they are.

    Raises: BuildError if make fails
    """
    result = cache / _digest(folder)
    if not result.is_dir():
        scratch = result.with_suffix(".tmp")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        _make(folder, f"build-{logical_id}", scratch)
        scratch.replace(result)
    return result


def _make(folder: Path, target: str, artifacts: Path) -> None:
    make = shutil.which("make")
    if make is None:
        raise BuildError(f"make is missing: install it, it builds {folder}")
    variables = [f"ARTIFACTS_DIR={artifacts}", f"PYTHON={sys.executable}"]
    command = [make, "--silent", "--directory", str(folder), target, *variables]
    done = subprocess.run(  # noqa: S603 - fixed words and our own paths
        command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BuildError(f"make {target} failed in {folder}: {reason}")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name, path in files_below(folder):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]
