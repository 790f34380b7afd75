"""MetadataStore: the port of the declared objects, one document with a revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ventuno.records.custom.declaration import ModelDeclaration

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class StoredDeclaration:
    """What is stored, and its revision, 0 when nothing is."""

    value: JsonObject
    revision: int

    @property
    def declaration(self) -> ModelDeclaration:
        """Read the document, which was checked before it was stored."""
        return ModelDeclaration.model_validate(self.value)


class MetadataStore(Protocol):
    """Every method raises StoreUnavailableError when the store refuses for now."""

    def load(self) -> StoredDeclaration:
        """Read the document, strongly consistent."""

    def save(self, value: JsonObject, revision: int) -> StoredDeclaration:
        """Store a document in place of the one with that revision.

        Raises: ConflictError when somebody stored another one meanwhile
        """
