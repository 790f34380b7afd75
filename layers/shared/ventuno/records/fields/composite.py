"""CompositeType: a field made of sub-fields, each with a type of its own.

A write touches only the sub-fields it names; a null in place of the whole clears them all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.json_value import JsonObject, JsonValue


class CompositeType(FieldType):
    """The base of all composite types; `parts` maps each sub-field to its type."""

    sortable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]]

    further: ClassVar[tuple[str, Mapping[str, str]] | None] = None
    """The list of more such values, and what its elements call the sub-fields of the primary one."""

    @property
    def empty(self) -> JsonValue:
        """Show every sub-field as null."""
        return dict.fromkeys(self.parts)

    @property
    def part_names(self) -> tuple[str, ...]:
        """Return the names of the sub-fields."""
        return tuple(self.parts)

    def part(self, name: str) -> FieldType | None:
        """Return the type of a sub-field."""
        return self.parts.get(name)

    def normalise(self, value: JsonValue) -> JsonValue:
        """Normalise the given sub-fields; nulls stay, they clear.

        Raises: FieldValueError
        """
        if not isinstance(value, dict):
            raise expected(f"an object with {', '.join(self.parts)}", value)
        unknown = [name for name in value if name not in self.parts]
        if unknown:
            raise FieldValueError(f"has no sub-field {unknown[0]!r}, only {', '.join(self.parts)}")
        return self.check({name: self._normalised(name, part) for name, part in value.items()})

    def check(self, parts: JsonObject) -> JsonObject:
        """Judge the sub-fields together; types whose sub-fields depend on each other override this."""
        return parts

    def merge(self, before: JsonValue, after: JsonValue) -> JsonValue:
        """Lay the written sub-fields over those that are there."""
        there = before if isinstance(before, dict) else {}
        written = after if isinstance(after, dict) else dict.fromkeys(self.parts)
        return dict.fromkeys(self.parts) | there | written

    def joined(self, values: Sequence[JsonValue]) -> JsonValue:
        """Keep the first primary value, and list all others with the further ones."""
        every = [value for value in values if isinstance(value, dict)]
        if self.further is None or not self.unique_part:
            return every[0]
        name, _ = self.further
        primary = next((value for value in every if value.get(self.unique_part)), every[0])
        listed = [self._elements(value, name, value is not primary) for value in (primary, *every)]
        own = self._elements({**primary, name: None}, name, with_primary=True)
        rest = {json.dumps(item): item for items in listed for item in items if item not in own}
        return {**primary, name: list(rest.values()) or None}

    def _elements(self, value: JsonObject, name: str, with_primary: bool) -> list[JsonValue]:  # noqa: FBT001 - told by `joined` only
        further = value.get(name)
        primary = self._element(value) if with_primary and value.get(str(self.unique_part)) else []
        return [*primary, *(further if isinstance(further, list) else [])]

    def _element(self, value: JsonObject) -> list[JsonValue]:
        names = self.further[1] if self.further else {}
        return (
            [{called: value.get(part) for part, called in names.items()}]
            if names
            else [value[str(self.unique_part)]]
        )

    def stored(self, value: JsonValue) -> JsonValue:
        """Keep the sub-fields that have a value; all empty is None."""
        parts = value if isinstance(value, dict) else {}
        kept = {name: self.parts[name].stored(part) for name, part in parts.items() if part is not None}
        return kept or None

    def loaded(self, stored: JsonValue) -> JsonValue:
        """Show every sub-field again."""
        kept = stored if isinstance(stored, dict) else {}
        return {name: part.loaded(kept[name]) if name in kept else None for name, part in self.parts.items()}

    def key_text(self, value: JsonValue) -> str | None:
        """Return the text of the sub-field that stands for the whole."""
        if self.unique_part is None or not isinstance(value, dict):
            return None
        return self.parts[self.unique_part].key_text(value.get(self.unique_part))

    def _normalised(self, name: str, value: JsonValue) -> JsonValue:
        if value is None:
            return None
        try:
            return self.parts[name].normalise(value)
        except FieldValueError as exc:
            raise FieldValueError(f"{name} {exc}") from exc
