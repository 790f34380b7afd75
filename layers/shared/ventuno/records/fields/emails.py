"""EMAILS: a primary address, which is the unique part, and more; trimmed and lower-cased."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.array import ArrayType
from ventuno.records.fields.base import FieldType, FieldValueError, expected
from ventuno.records.fields.composite import CompositeType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from ventuno.json_value import JsonValue


class EmailType(FieldType):
    """One address, of a form that mail can be sent to; whether it exists is not asked."""

    wire_name: ClassVar[str] = "TEXT"
    textual: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Trim and lower the case.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        address = value.strip().lower()
        return _valid(address) if address else None

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
        return [_valid(address) for address in addresses if address] or None


def _valid(address: str) -> str:
    library = _library()
    try:
        library.validate_email(address, check_deliverability=False)
    except library.EmailNotValidError as exc:
        raise FieldValueError(f"is no e-mail address: {exc}") from exc
    return address


@cache
def _library() -> ModuleType:
    import email_validator  # noqa: PLC0415 - slow to import, and few writes have an address

    # Names such as .local are of no use in public, but companies do have them inside.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator


class EmailsType(CompositeType):
    """primaryEmail and additionalEmails."""

    wire_name: ClassVar[str] = "EMAILS"
    appendable: ClassVar[bool] = True
    sort_parts: ClassVar[tuple[str, ...]] = ("primaryEmail",)
    unique_part: ClassVar[str | None] = "primaryEmail"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "primaryEmail": EmailType(),
        "additionalEmails": EmailListType(),
    }
    further: ClassVar[tuple[str, Mapping[str, str]] | None] = ("additionalEmails", {})
