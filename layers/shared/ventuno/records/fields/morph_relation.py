"""MORPH_RELATION: many-to-one to a record of one of several objects, kept as one join column per object.

The fields `targetPerson`, `targetCompany` and so on are one morph called `target`: writing
`{"target": {"object": "person", "id": "…"}}` sets one of the columns and clears the others.
Source: reference §3.2
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ventuno.records.fields.relation import RelationType


@dataclass(frozen=True, slots=True)
class MorphRelationType(RelationType):
    """A pointer to one of the objects of `morph`."""

    wire_name: ClassVar[str] = "MORPH_RELATION"

    morph: str = ""
