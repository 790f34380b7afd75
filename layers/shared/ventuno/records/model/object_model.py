"""ObjectModel: all objects of the workspace, standard and custom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.records.model.object_type import ObjectType


class ObjectModel:
    """Objects by their singular names; immutable, but for a model that follows a store."""

    def __init__(self, objects: Iterable[ObjectType]) -> None:
        self._by_name = {kind.name: kind for kind in objects}
        self._by_plural = {kind.plural: kind for kind in self._by_name.values()}

    def __iter__(self) -> Iterator[ObjectType]:
        return iter(self._by_name.values())

    def get(self, name: str) -> ObjectType:
        """Return the object of a singular name.

        Raises: RecordInputError
        """
        found = self._by_name.get(name)
        if found is None:
            raise errors.RecordInputError(f"There is no object {name!r}{meant(name, self._by_name)}")
        return found

    def reload(self) -> bool:
        """Look for a newer model; one that cannot change has none."""
        return False

    def by_plural(self, plural: str) -> ObjectType | None:
        """Return the object of a plural name, as REST addresses use it."""
        return self._by_plural.get(plural)
