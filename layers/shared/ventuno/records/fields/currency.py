"""CURRENCY: an amount in millionths of a unit, and the unit's ISO 4217 code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.number import NumberType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonValue


class CurrencyCodeType(FieldType):
    """Three capital letters."""

    wire_name: ClassVar[str] = "TEXT"
    textual: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Accept a code.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        if value and not re.fullmatch("[A-Z]{3}", value):
            raise FieldValueError("must be three capital letters, such as EUR")
        return value or None


class CurrencyType(CompositeType):
    """amountMicros and currencyCode."""

    wire_name: ClassVar[str] = "CURRENCY"
    sort_parts: ClassVar[tuple[str, ...]] = ("amountMicros",)
    indexable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]] = {
        "amountMicros": NumberType(),
        "currencyCode": CurrencyCodeType(),
    }
