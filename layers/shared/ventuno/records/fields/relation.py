"""RELATION: many-to-one, kept as the other record's id in the join column `<name>Id`.

Whether the other record exists is no question of the type: `records.targets` asks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.uuid import UuidType

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class RelationType(UuidType):
    """A pointer to one record of the object `target`; written as an id, or as an object with an id.

    `inverse` is what the target calls the records that point at it.
    """

    wire_name: ClassVar[str] = "RELATION"
    join_suffix: ClassVar[str] = "Id"

    target: str
    inverse: str = ""

    def normalise(self, value: JsonValue) -> JsonValue:
        """Take the id out of an object.

        Raises: FieldValueError
        """
        if isinstance(value, dict) and "id" in value:
            value = value["id"]
        return None if value is None else UuidType.normalise(self, value)
