"""ADDRESS: a postal address in parts, with a position on the globe."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.text import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.fields.base import FieldType

_TEXTS = ("Street1", "Street2", "City", "Postcode", "State", "Country")


class AddressType(CompositeType):
    """addressStreet1 to addressCountry as text, addressLat and addressLng in degrees."""

    wire_name: ClassVar[str] = "ADDRESS"
    indexable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]] = {
        **{f"address{name}": TextType() for name in _TEXTS},
        "addressLat": NumberType(),
        "addressLng": NumberType(),
    }
