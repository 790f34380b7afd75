"""ObjectListType: the lists of small objects inside LINKS and PHONES; the empty list is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.records.fields.composite import CompositeType


@dataclass(frozen=True, slots=True)
class ObjectListType(FieldType):
    """A list of objects with the sub-fields of `element`, null where there is no value."""

    wire_name: ClassVar[str] = "RAW_JSON"
    appendable: ClassVar[bool] = True
    indexable: ClassVar[bool] = False
    sortable: ClassVar[bool] = False

    element: CompositeType

    def normalise(self, value: JsonValue) -> JsonValue:
        """Normalise every element.

        Raises: FieldValueError
        """
        if not isinstance(value, list | tuple):
            raise expected("a list of objects", value)
        return [self._element(index, item) for index, item in enumerate(value)] or None

    def appended(self, before: JsonValue, added: JsonValue) -> JsonValue:
        """Put the elements behind those that are there."""
        return [item for items in (before, added) if isinstance(items, list) for item in items]

    def _element(self, index: int, item: JsonValue) -> JsonValue:
        try:
            return self.element.merge(None, self.element.normalise(item))
        except FieldValueError as exc:
            raise FieldValueError(f"[{index}] {exc}") from exc
