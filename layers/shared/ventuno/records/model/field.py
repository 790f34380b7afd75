"""Field: one field of an object, its type and the rules that are not the type's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.records.fields.base import FieldType


class Access(StrEnum):
    """Who may write a field, and when."""

    WRITABLE = "WRITABLE"
    ON_CREATE = "ON_CREATE"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Field:
    """A field; `indexed` buys lookups by value, of ordered types by range too, for one more row a record."""

    name: str
    type: FieldType
    unique: bool = False
    indexed: bool = False
    default: JsonValue = None
    access: Access = Access.WRITABLE

    def __post_init__(self) -> None:
        """Refuse an index that the type cannot have."""
        if self.unique and not (self.type.indexable or self.type.unique_part):
            raise ValueError(f"a field of type {self.type.wire_name} cannot be unique: {self.name}")
        if self.indexed and not self.type.indexable:
            raise ValueError(f"a field of type {self.type.wire_name} cannot be indexed: {self.name}")

    @property
    def column(self) -> str:
        """Return the name under which records hold the value: a relation's is `<name>Id`."""
        return f"{self.name}{self.type.join_suffix}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which the field may be written."""
        return tuple(dict.fromkeys((self.name, self.column)))

    @property
    def is_relation(self) -> bool:
        """Tell whether the value is another record's id."""
        return bool(self.type.join_suffix)

    @property
    def morph(self) -> str:
        """Return the name of the morph relation that the field is one target of, or nothing."""
        return str(getattr(self.type, "morph", ""))
