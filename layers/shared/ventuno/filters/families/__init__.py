"""The table from field types and sub-fields to families; a type that is not listed is OTHER.

Source: reference §6.2.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.families.boolean import BOOLEAN
from ventuno.filters.families.date import DATE
from ventuno.filters.families.number import CURRENCY_AMOUNT, NUMBER
from ventuno.filters.families.other import OTHER
from ventuno.filters.families.rating import RATING
from ventuno.filters.families.relation import RELATION, UUID
from ventuno.filters.families.single_select import CURRENCY_CODE, SELECT
from ventuno.filters.families.text import COMPOSITE, LIST, TEXT

if TYPE_CHECKING:
    from ventuno.filters.families.family import Family
    from ventuno.filters.operands import Operand

_BY_TYPE: Final = {
    "NUMBER": NUMBER,
    "NUMERIC": NUMBER,
    "number": NUMBER,
    "CURRENCY": CURRENCY_AMOUNT,
    "RATING": RATING,
    "DATE": DATE,
    "DATE_TIME": DATE,
    "TEXT": TEXT,
    "MULTI_SELECT": LIST,
    "ARRAY": LIST,
    "array": COMPOSITE,
    "FULL_NAME": COMPOSITE,
    "EMAILS": COMPOSITE,
    "PHONES": COMPOSITE,
    "ADDRESS": COMPOSITE,
    "LINKS": COMPOSITE,
    "RAW_JSON": COMPOSITE,
    "ACTOR": COMPOSITE,
    "SELECT": SELECT,
    "BOOLEAN": BOOLEAN,
    "boolean": BOOLEAN,
    "UUID": UUID,
    "RELATION": RELATION,
}
_TEXT_PARTS: Final = {
    "FULL_NAME": ("firstName", "lastName"),
    "EMAILS": ("primaryEmail",),
    "LINKS": ("primaryLinkUrl", "primaryLinkLabel"),
    "PHONES": ("primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"),
    "ADDRESS": (
        "addressStreet1",
        "addressStreet2",
        "addressCity",
        "addressState",
        "addressPostcode",
        "addressCountry",
    ),
    "RICH_TEXT": ("markdown",),
}
_LIST_PARTS: Final = {"EMAILS": "additionalEmails", "LINKS": "secondaryLinks", "PHONES": "additionalPhones"}
_BY_PART: Final = {
    ("CURRENCY", "currencyCode"): CURRENCY_CODE,
    ("ACTOR", "source"): SELECT,
    ("ACTOR", "workspaceMemberId"): RELATION,
    **{(kind, part): TEXT for kind, parts in _TEXT_PARTS.items() for part in parts},
    **dict.fromkeys(_LIST_PARTS.items(), LIST),
}


_TEXTS: Final = frozenset({"TEXT", "UUID", "SELECT", "RATING", "RELATION", "DATE", "DATE_TIME"})
_NUMBERS: Final = frozenset({"NUMBER", "NUMERIC"})
_COMPARABLE: Final = (
    ((NUMBER, CURRENCY_AMOUNT), _NUMBERS | {"TEXT"}),
    ((RATING,), _NUMBERS | {"TEXT", "SELECT", "RATING"}),
    ((DATE,), frozenset({"TEXT", "DATE", "DATE_TIME"})),
    ((TEXT, LIST, COMPOSITE), _TEXTS | {"ARRAY"}),
    ((SELECT, CURRENCY_CODE), _TEXTS | _NUMBERS | {"ARRAY"}),
    ((BOOLEAN,), frozenset({"BOOLEAN", "TEXT"})),
    ((UUID,), frozenset({"TEXT", "UUID", "RELATION"})),
    ((RELATION,), frozenset({"TEXT", "UUID", "RELATION", "OBJECT"})),
)
"""The static types of left values on which a family's rules can come out both ways."""


def comparable_types(field_type: str, sub_field: str | None = None) -> frozenset[str] | None:
    """Return the static types that a step filter on this type compares in earnest; None if all are.

    A left value of another type makes each operand true always or never: a number has no text to contain.
    """
    family = family_of(field_type, sub_field)
    return next((types for families, types in _COMPARABLE if any(family is each for each in families)), None)


def family_of(field_type: str, sub_field: str | None = None) -> Family:
    """Return the rules for a type and, in composites, for one of its sub-fields."""
    part = _BY_PART.get((field_type, sub_field)) if sub_field else None
    return part or _BY_TYPE.get(field_type, OTHER)


def filter_types() -> list[tuple[str, str | None]]:
    """List the types that have rules of their own, each alone and then with its sub-fields."""
    parts = sorted(_BY_PART)
    return [
        pair
        for kind in _named_types()
        for pair in ((kind, None), *(each for each in parts if each[0] == kind))
    ]


def _named_types() -> list[str]:
    return sorted({*_BY_TYPE, *(kind for kind, _ in _BY_PART)})


def supported_operands(field_type: str, sub_field: str | None = None) -> frozenset[Operand]:
    """Return the operands that a step filter on this type may use."""
    return frozenset(family_of(field_type, sub_field).rules)
