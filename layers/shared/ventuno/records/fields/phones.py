"""PHONES: a primary phone number and more, each with its country and calling code.

A number with a calling code or a country is parsed by `phonenumbers`: its parts are inferred from each other,
parts that contradict each other are refused, and the national number is what is kept.
A number without either is checked by its shape only, for nobody can tell where it is.
Source: reference §10.3
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
    from types import ModuleType

    from phonenumbers import PhoneNumber

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
        return _parsed(parts, "number", "countryCode", "callingCode")


class PhonesType(CompositeType):
    """primaryPhoneNumber, its country and calling code, and additionalPhones."""

    wire_name: ClassVar[str] = "PHONES"
    appendable: ClassVar[bool] = True
    sort_parts: ClassVar[tuple[str, ...]] = ("primaryPhoneNumber",)
    unique_part: ClassVar[str | None] = "primaryPhoneNumber"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "primaryPhoneNumber": _NUMBER,
        "primaryPhoneCountryCode": _COUNTRY,
        "primaryPhoneCallingCode": _CALLING,
        "additionalPhones": ObjectListType(_Phone()),
    }
    further: ClassVar[tuple[str, Mapping[str, str]] | None] = (
        "additionalPhones",
        {
            "primaryPhoneNumber": "number",
            "primaryPhoneCountryCode": "countryCode",
            "primaryPhoneCallingCode": "callingCode",
        },
    )

    def check(self, parts: JsonObject) -> JsonObject:
        """Complete the parts of the number from each other.

        Raises: FieldValueError
        """
        return _parsed(parts, "primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode")


def _parsed(parts: JsonObject, number_name: str, country_name: str, calling_name: str) -> JsonObject:
    number, country, calling = (parts.get(name) for name in (number_name, country_name, calling_name))
    if not isinstance(number, str) or not (number.startswith("+") or country or calling):
        return parts
    found = _found(number, country, calling, number_name)
    if _contradict(found, country, calling):
        raise FieldValueError(f"{number_name}, {country_name} and {calling_name} contradict each other")
    return parts | {
        number_name: _library().national_significant_number(found),
        country_name: country or _country(found),
        calling_name: f"+{found.country_code}",
    }


def _found(number: str, country: JsonValue, calling: JsonValue, name: str) -> PhoneNumber:
    library = _library()
    whole = number if number.startswith("+") or country else f"{calling}{number}"
    try:
        found: PhoneNumber = library.parse(whole, None if country is None else str(country))
    except library.NumberParseException as exc:
        raise FieldValueError(f"{name} is no phone number of {country or calling or 'any country'}") from exc
    if not library.is_possible_number(found):
        raise FieldValueError(f"{name} has not as many digits as phone numbers have there")
    return found


def _contradict(found: PhoneNumber, country: JsonValue, calling: JsonValue) -> bool:
    if calling not in {None, f"+{found.country_code}"}:
        return True
    return country is not None and _library().country_code_for_region(str(country)) != found.country_code


def _country(found: PhoneNumber) -> str | None:
    region = _library().region_code_for_number(found)
    return region if region and region.isalpha() else None  # 001 is what numbers of no country have


def _library() -> ModuleType:
    import phonenumbers  # noqa: PLC0415 - slow to import, and few writes have a phone number

    return phonenumbers
