"""LiveObjectModel: the object model of a process that lives on while others change it.

The stored revision is looked at once a minute, and at once when a name is unknown: what was added a moment
ago is then there. Other changes are seen within the minute; writes keep the columns they do not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.custom.building import model_of
from ventuno.records.model.object_model import ObjectModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ventuno.ports import Clock
    from ventuno.records.custom.store import MetadataStore, StoredDeclaration
    from ventuno.records.model.object_type import ObjectType

MAX_AGE_SECONDS = 60
_BETWEEN_LOOKS = 1  # seconds, so that unknown names cannot make a read each


class LiveObjectModel(ObjectModel):
    """The standard objects and whatever the store declares, read when first needed."""

    def __init__(self, standard: Sequence[ObjectType], store: MetadataStore, clock: Clock) -> None:
        super().__init__(standard)
        self._standard = tuple(standard)
        self._store = store
        self._clock = clock
        self._model = ObjectModel(standard)
        self._revision = 0
        self._looked_at: datetime | None = None

    def __iter__(self) -> Iterator[ObjectType]:
        return iter(self._current())

    def get(self, name: str) -> ObjectType:
        """Return the object of a singular name.

        Raises: RecordInputError, StoreUnavailableError
        """
        try:
            return self._current().get(name)
        except errors.RecordInputError:
            if not self.reload():
                raise
            return self._model.get(name)

    def by_plural(self, plural: str) -> ObjectType | None:
        """Return the object of a plural name. Raises: StoreUnavailableError"""
        found = self._current().by_plural(plural)
        return self._model.by_plural(plural) if found is None and self.reload() else found

    def reload(self) -> bool:
        """Look at the store if that was not done just now; True if the model is another one."""
        now = self._clock.now()
        if self._looked_at and (now - self._looked_at).total_seconds() < _BETWEEN_LOOKS:
            return False
        stored = self._store.load()
        self._looked_at = now
        if stored.revision == self._revision:
            return False
        self.take(stored)
        return True

    def take(self, stored: StoredDeclaration) -> None:
        """Become the model of a document. Raises: RecordInputError"""
        self._model = model_of(self._standard, stored.declaration)
        self._revision = stored.revision

    def _current(self) -> ObjectModel:
        age = None if self._looked_at is None else (self._clock.now() - self._looked_at).total_seconds()
        if age is None or age >= MAX_AGE_SECONDS:
            self.reload()
        return self._model
