"""The files of a source folder, without what Python and tools leave behind, always in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEFT_BEHIND = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file with its path inside the folder."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not LEFT_BEHIND & set(inside.parts):
            yield inside.as_posix(), path
