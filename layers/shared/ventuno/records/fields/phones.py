"""PHONES: a primary phone number and more.

Numbers are checked by the shape that E.164 gives them (up to 15 digits, calling code `+` and 1 to 4 digits).
Country and calling code are not inferred from each other: that needs the `phonenumbers` library,
and only the contradiction between a number and a calling code written beside it is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.object_list import ObjectListType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue

_PUNCTUATION = str.maketrans("", "", " -.()/\u00a0\u2011")


@dataclass(frozen=True, slots=True)
class PhonePartType(FieldType):
    """One part of a phone number: punctuation goes, the rest must have the part's shape."""

    wire_name: ClassVar[str] = "TEXT"
    textual: ClassVar[bool] = True

    shape: re.Pattern[str]
    example: str

    def normalise(self, value: JsonValue) -> JsonValue:
        """Remove punctuation.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        bare = value.translate(_PUNCTUATION).upper()
        if bare and not self.shape.fullmatch(bare):
            raise FieldValueError(f"must look like {self.example}")
        return bare or None


_NUMBER = PhonePartType(re.compile(r"\+?[0-9]{3,15}"), "0612345678 or +33612345678")
_COUNTRY = PhonePartType(re.compile(r"[A-Z]{2}"), "FR")
_CALLING = PhonePartType(re.compile(r"\+[0-9]{1,4}"), "+33")


class _Phone(CompositeType):
    wire_name: ClassVar[str] = "PHONE"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "number": _NUMBER,
        "countryCode": _COUNTRY,
        "callingCode": _CALLING,
    }

    def check(self, parts: JsonObject) -> JsonObject:
        return _national(parts, "number", "callingCode")


class PhonesType(CompositeType):
    """primaryPhoneNumber, its country and calling code, and additionalPhones."""

    wire_name: ClassVar[str] = "PHONES"
    sort_parts: ClassVar[tuple[str, ...]] = ("primaryPhoneNumber",)
    unique_part: ClassVar[str | None] = "primaryPhoneNumber"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "primaryPhoneNumber": _NUMBER,
        "primaryPhoneCountryCode": _COUNTRY,
        "primaryPhoneCallingCode": _CALLING,
        "additionalPhones": ObjectListType(_Phone()),
    }

    def check(self, parts: JsonObject) -> JsonObject:
        """Write the number without the calling code that stands beside it.

        Raises: FieldValueError
        """
        return _national(parts, "primaryPhoneNumber", "primaryPhoneCallingCode")


def _national(parts: JsonObject, number_name: str, calling_name: str) -> JsonObject:
    number, calling = parts.get(number_name), parts.get(calling_name)
    if not isinstance(number, str) or not isinstance(calling, str) or not number.startswith("+"):
        return parts
    if not number.startswith(calling):
        raise FieldValueError(f"{number_name} and {calling_name} contradict each other")
    return parts | {number_name: number.removeprefix(calling)}
