"""UNDEFINED: what a path that leads nowhere resolves to; never a JSON value, so never confused with null."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class Undefined(Enum):
    """The type of UNDEFINED; an enum of one member, so that `is` narrows types."""

    UNDEFINED = "undefined"

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined.UNDEFINED
Resolved: TypeAlias = "JsonValue | Undefined"
