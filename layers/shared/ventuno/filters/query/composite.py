"""Composite fields: without a sub-field a filter asks all searchable parts, with one it asks that part.

What the parts are, and in which order each rule asks them, is one table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.filters.operands import VALUELESS, Operand
from ventuno.filters.query.question import equals, has_json_text, has_text, is_in, is_null, with_opposites
from ventuno.filters.query.reading import list_or_single_in, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.filters.query.question import Question, Rule, Rules

    PartRule: TypeAlias = Callable[[Question, str, "PartKind"], Condition]


class PartKind(Enum):
    """How a part is stored, and what its absence means.

    NAME: text; a record without it matches neither "contains" nor "does not contain"
    KEY:  as NAME, empty by equality with ''
    LINE: as NAME, but a record without it does not contain the value
    LIST: an array searched in its JSON text; a record without it does not contain the value
    """

    NAME = "name"
    KEY = "key"
    LINE = "line"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Composite:
    """The parts of a type, and the order in which each rule asks them."""

    kinds: Mapping[str, PartKind]
    contains: tuple[str, ...]
    excludes: tuple[str, ...]
    empty: tuple[str, ...]

    def rules(self) -> Rules:
        """Return the rules for the field as a whole."""
        return with_opposites(
            {
                Operand.CONTAINS: lambda question: Or(self._each(question, self.contains, _contains)),
                Operand.DOES_NOT_CONTAIN: lambda question: And(
                    self._each(question, self.excludes, _excludes)
                ),
                Operand.IS_EMPTY: lambda question: And(self._each(question, self.empty, _is_empty)),
            }
        )

    def part_rules(self, part: str) -> Rules:
        """Return the rules for one part."""
        kind = self.kinds[part]
        return with_opposites(
            {
                Operand.CONTAINS: lambda question: _contains(question, part, kind),
                Operand.DOES_NOT_CONTAIN: lambda question: _excludes(question, part, kind),
                Operand.IS_EMPTY: lambda question: _is_empty(question, part, kind),
            }
        )

    def _each(self, question: Question, parts: tuple[str, ...], rule: PartRule) -> tuple[Condition, ...]:
        return tuple(rule(question, part, self.kinds[part]) for part in parts)


def _contains(question: Question, part: str, kind: PartKind) -> Condition:
    has = has_json_text if kind is PartKind.LIST else has_text
    return has(question.field(part), text_of(question))


def _excludes(question: Question, part: str, kind: PartKind) -> Condition:
    lacks = Not(_contains(question, part, kind))
    if kind in {PartKind.LINE, PartKind.LIST}:
        return Or((lacks, is_null(question.field(part))))
    return lacks


def _is_empty(question: Question, part: str, kind: PartKind) -> Condition:
    path = question.field(part)
    blank = {
        PartKind.NAME: Comparison(path, Operator.ILIKE, ""),
        PartKind.KEY: equals(path, ""),
        PartKind.LINE: Comparison(path, Operator.ILIKE, ""),
        PartKind.LIST: Comparison(path, Operator.LIKE, "[]"),
    }[kind]
    null_first = kind in {PartKind.NAME, PartKind.LIST}
    return Or((is_null(path), blank) if null_first else (blank, is_null(path)))


def _is_country(question: Question) -> Condition:
    return is_in(question.field("addressCountry"), list_or_single_in(question))


def _is_no_country(question: Question) -> Condition:
    return Or((Not(_is_country(question)), is_null(question.field("addressCountry"))))


_SEPARATORS: Final = re.compile(r"(?!^)\+|[^0-9+]")
_STREET_TO_STATE: Final = ("addressStreet1", "addressStreet2", "addressCity", "addressState")
COMPOSITES: Final = {
    "FULL_NAME": Composite(
        dict.fromkeys(("firstName", "lastName"), PartKind.NAME),
        contains=("firstName", "lastName"),
        excludes=("firstName", "lastName"),
        empty=("firstName", "lastName"),
    ),
    "EMAILS": Composite(
        {"primaryEmail": PartKind.KEY, "additionalEmails": PartKind.LIST},
        contains=("primaryEmail", "additionalEmails"),
        excludes=("primaryEmail", "additionalEmails"),
        empty=("primaryEmail", "additionalEmails"),
    ),
    "LINKS": Composite(
        {
            "primaryLinkLabel": PartKind.KEY,
            "primaryLinkUrl": PartKind.KEY,
            "secondaryLinks": PartKind.LIST,
        },
        contains=("primaryLinkUrl", "primaryLinkLabel", "secondaryLinks"),
        excludes=("primaryLinkLabel", "primaryLinkUrl", "secondaryLinks"),
        empty=("primaryLinkLabel", "primaryLinkUrl", "secondaryLinks"),
    ),
    "PHONES": Composite(
        {
            "primaryPhoneNumber": PartKind.NAME,
            "primaryPhoneCallingCode": PartKind.NAME,
            "primaryPhoneCountryCode": PartKind.NAME,
            "additionalPhones": PartKind.LIST,
        },
        contains=("primaryPhoneNumber", "primaryPhoneCallingCode", "additionalPhones"),
        excludes=("primaryPhoneNumber", "primaryPhoneCallingCode", "additionalPhones"),
        empty=("primaryPhoneNumber", "additionalPhones"),
    ),
    "ADDRESS": Composite(
        dict.fromkeys((*_STREET_TO_STATE, "addressCountry", "addressPostcode"), PartKind.LINE),
        contains=(*_STREET_TO_STATE, "addressCountry", "addressPostcode"),
        excludes=(*_STREET_TO_STATE, "addressPostcode", "addressCountry"),
        empty=(*_STREET_TO_STATE, "addressCountry", "addressPostcode"),
    ),
}


def _bare(rule: Rule) -> Rule:
    """Ask for the digits alone, and a plus before them: numbers are stored without what separates digits."""

    def asked(question: Question) -> Condition | None:
        digits = _SEPARATORS.sub("", text_of(question).strip())
        return rule(replace(question, value=digits)) if digits.strip("+") else None

    return asked


def _by_digits(rules: Rules) -> Rules:
    return {operand: rule if operand in VALUELESS else _bare(rule) for operand, rule in rules.items()}


PHONES: Final = _by_digits(COMPOSITES["PHONES"].rules())
PHONE_NUMBER: Final = _by_digits(COMPOSITES["PHONES"].part_rules("primaryPhoneNumber"))
COUNTRY: Final = {
    **COMPOSITES["ADDRESS"].part_rules("addressCountry"),
    Operand.CONTAINS: _is_country,
    Operand.DOES_NOT_CONTAIN: _is_no_country,
}
