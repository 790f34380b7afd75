"""FunctionStore in memory."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.logic.store import StoredFunction


class MemoryFunctionStore:
    """All versions under a lock."""

    def __init__(self) -> None:
        self._newest: dict[str, StoredFunction] = {}
        self._versions: dict[tuple[str, int], StoredFunction] = {}
        self._lock = Lock()

    def newest(self, name: str) -> StoredFunction | None:
        """Read the newest version."""
        return self._newest.get(name)

    def version(self, name: str, number: int) -> StoredFunction | None:
        """Read one version."""
        return self._versions.get((name, number))

    def all(self) -> Sequence[StoredFunction]:
        """List the functions by name."""
        return [one for _, one in sorted(self._newest.items()) if not one.deleted]

    def save(self, function: StoredFunction) -> None:
        """Store the next version. Raises: ConflictError"""
        with self._lock:
            before = self._newest.get(function.name)
            if (before.number if before else 0) != function.number - 1:
                raise errors.ConflictError(f"somebody changed {function.name} meanwhile; try again")
            self._newest[function.name] = self._versions[function.name, function.number] = function

    def delete(self, name: str) -> bool:
        """Mark a function as deleted."""
        with self._lock:
            before = self._newest.get(name)
            if before is None or before.deleted:
                return False
            self._newest[name] = replace(before, deleted=True)
            return True
