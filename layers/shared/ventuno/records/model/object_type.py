"""ObjectType: one object (company, person, …) with its fields and unique groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.model.field import Field


@dataclass(frozen=True)
class UniqueGroup:
    """Fields whose values together belong to at most one record, deleted ones included."""

    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """Return the columns joined by `+`, as unique rows are keyed."""
        return "+".join(field.column for field in self.fields)


@dataclass(frozen=True)
class ObjectType:
    """An object's names and fields.

    `unique_together` lists groups of several fields by name, `search` the fields that searches look into;
    `automation` tells whether workflow actions may write the object (reference §3.2).
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    unique_together: tuple[tuple[str, ...], ...] = ()
    automation: bool = True
    search: tuple[str, ...] = ()

    @cached_property
    def by_input_name(self) -> Mapping[str, Field]:
        """Map every name under which a field may be written to the field."""
        return {name: field for field in self.fields for name in field.names}

    @cached_property
    def by_column(self) -> Mapping[str, Field]:
        """Map the names that records use to the fields."""
        return {field.column: field for field in self.fields}

    @cached_property
    def morphs(self) -> Mapping[str, tuple[Field, ...]]:
        """Map the names of morph relations to the fields they consist of, one for each target."""
        names = dict.fromkeys(field.morph for field in self.fields if field.morph)
        return {name: tuple(field for field in self.fields if field.morph == name) for name in names}

    @cached_property
    def unique_groups(self) -> tuple[UniqueGroup, ...]:
        """List the unique groups, those of one field first."""
        single = [UniqueGroup((field,)) for field in self.fields if field.unique]
        several = [
            UniqueGroup(tuple(self.by_input_name[name] for name in names)) for names in self.unique_together
        ]
        return (*single, *several)

    @cached_property
    def indexed_fields(self) -> tuple[Field, ...]:
        """List the fields that have index rows: relations and declared ones."""
        return tuple(field for field in self.fields if field.indexed or field.is_relation)

    def unknown_field(self, name: str) -> str:
        """Say that there is no such field, and which one may be meant."""
        return f"{name} is not a field of {self.name}{meant(name, [*self.by_input_name, *self.morphs])}"
