"""The targets that tasks, notes and attachments may have: one relation per object, together one morph."""

from __future__ import annotations

from ventuno.records.fields.morph_relation import MorphRelationType
from ventuno.records.model.field import Field

TARGETS = ("person", "company", "opportunity")
"""The standard objects that can be a target; custom objects are added when they are made."""


def morph_field(morph: str, target: str, inverse: str) -> Field:
    """Return the relation of a morph to one object: `target` and `person` make `targetPerson`."""
    name = f"{morph}{target[:1].upper()}{target[1:]}"
    return Field(name, MorphRelationType(target, inverse, morph))


def morph_fields(morph: str, inverse: str) -> tuple[Field, ...]:
    """Return the relations of a morph to all standard targets, which call it `inverse`."""
    return tuple(morph_field(morph, target, inverse) for target in TARGETS)
