"""The kinds of JSON values, by the words that authors read in messages and in the documentation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class Kind(StrEnum):
    """What a value is; null and missing values have no kind."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    LIST = "a list"
    OBJECT = "an object"


def kind_of(value: JsonValue) -> Kind:
    """Return the kind of a value that is not null."""
    if isinstance(value, str):
        return Kind.TEXT
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, int | float):
        return Kind.NUMBER
    return Kind.LIST if isinstance(value, list | tuple) else Kind.OBJECT
