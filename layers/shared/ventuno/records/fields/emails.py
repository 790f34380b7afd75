"""EMAILS: a primary address, which is the unique part, and more; trimmed and lower-cased."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.array import ArrayType
from ventuno.records.fields.base import FieldType, expected
from ventuno.records.fields.composite import CompositeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonValue


class EmailType(FieldType):
    """One address; its syntax is left to whoever sends mail to it."""

    wire_name: ClassVar[str] = "TEXT"
    textual: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Trim and lower the case.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        return value.strip().lower() or None

    def comparable(self, value: JsonValue) -> JsonValue:
        """Spell an address as stored addresses are."""
        return value.strip().lower() if isinstance(value, str) else value


class EmailListType(ArrayType):
    """Further addresses; blank ones are dropped."""

    def normalise(self, value: JsonValue) -> JsonValue:
        """Trim and lower the case of each.

        Raises: FieldValueError
        """
        texts = super().normalise(value) or []
        addresses = (str(text).strip().lower() for text in texts) if isinstance(texts, list) else ()
        return [address for address in addresses if address] or None


class EmailsType(CompositeType):
    """primaryEmail and additionalEmails."""

    wire_name: ClassVar[str] = "EMAILS"
    sort_parts: ClassVar[tuple[str, ...]] = ("primaryEmail",)
    unique_part: ClassVar[str | None] = "primaryEmail"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "primaryEmail": EmailType(),
        "additionalEmails": EmailListType(),
    }
