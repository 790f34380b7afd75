"""MetadataStore in memory."""

from __future__ import annotations

import copy
from threading import Lock
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.custom.store import StoredDeclaration

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


class MemoryMetadataStore:
    """One document under a lock."""

    def __init__(self) -> None:
        self._stored = StoredDeclaration({}, 0)
        self._lock = Lock()
        self.loads = 0

    def load(self) -> StoredDeclaration:
        """Read the document; `loads` counts how often."""
        self.loads += 1
        return copy.deepcopy(self._stored)

    def save(self, value: JsonObject, revision: int) -> StoredDeclaration:
        """Store a document. Raises: ConflictError"""
        with self._lock:
            if revision != self._stored.revision:
                raise errors.ConflictError("somebody changed the objects meanwhile; try again")
            self._stored = StoredDeclaration(copy.deepcopy(value), revision + 1)
            return self._stored
