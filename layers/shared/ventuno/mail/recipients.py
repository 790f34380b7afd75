"""Recipients: comma lists of addresses, each with or without a name; every wrong one is told at once.

Source: reference §3.8
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.expressions.showing import shown
from ventuno.mail.headers import header_fault
from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.emails import EmailType

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_RECIPIENTS: Final = 100
_LONGEST_LIST: Final = 50_000
_EMAIL: Final = EmailType()
_ITEM: Final = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^",;])*)(?:[,;]|$)')
_NAMED: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^"<>]*?))\s*<\s*([^<>\s]*)\s*>\s*')


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, and the name that stood before it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a message goes to. An address that stands in several lists is kept in the first."""

    to: tuple[Recipient, ...] = ()
    cc: tuple[Recipient, ...] = ()
    bcc: tuple[Recipient, ...] = ()

    @property
    def all(self) -> tuple[Recipient, ...]:
        """Everybody."""
        return (*self.to, *self.cc, *self.bcc)


def address_fault(address: str) -> str | None:
    """Say why a text is no address; None when it is one."""
    try:
        if _EMAIL.normalise(address) is None:
            return "is no e-mail address"
    except FieldValueError as error:
        return str(error)
    return header_fault(address) or ("has spaces around it" if address != address.strip() else None)


def read_recipients(to: Any, cc: Any, bcc: Any) -> Recipients:  # noqa: ANN401 - what variables resolved to
    """Read three lists. Raises: StepInputError naming every address that is none"""
    seen: set[str] = set()
    wrong: list[str] = []
    lists = [tuple(_read(given, seen, wrong)) for given in (to, cc, bcc)]
    if wrong:
        listed = ", ".join(f'"{shown(text)}"' for text in wrong[:20])
        raise errors.StepInputError(f"Invalid email addresses: {listed}")
    recipients = Recipients(*lists)
    count = len(recipients.all)
    if not count:
        raise errors.StepInputError("the message has no recipients; give at least one in to, cc or bcc")
    if count > MOST_RECIPIENTS:
        raise errors.StepInputError(f"the message has {count} recipients, {MOST_RECIPIENTS} are allowed")
    return recipients


def _read(given: Any, seen: set[str], wrong: list[str]) -> Iterable[Recipient]:  # noqa: ANN401 - as above
    for text in _texts(given):
        for name, address in _pairs(text):
            if address_fault(address) or header_fault(name):
                wrong.append(address or text)
            elif address.lower() not in seen:
                seen.add(address.lower())
                yield Recipient(address, name)


def _texts(given: Any) -> list[str]:  # noqa: ANN401 - as above
    if given is None or given == "":
        return []
    texts = given if isinstance(given, list) else [given]
    if any(not isinstance(text, str) for text in texts):
        raise errors.StepInputError(
            "recipients are text such as a@example.com, b@example.com, or a list of such"
        )
    if sum(map(len, texts)) > _LONGEST_LIST:
        raise errors.StepInputError(f"the recipients have more than {_LONGEST_LIST} characters")
    return texts


def _pairs(text: str) -> list[tuple[str, str]]:
    """Split a list at its commas and semicolons; what cannot be split is one address, and a wrong one."""
    items: list[str] = []
    position = 0
    while position < len(text):
        found = _ITEM.match(text, position)
        if found is None:
            return [("", text)]
        items.append(found[1])
        position = found.end()
    return [_pair(item) for item in items if item.strip()]


def _pair(item: str) -> tuple[str, str]:
    named = _NAMED.fullmatch(item)
    if named is None:
        return "", item.strip()
    quoted, plain, address = named.groups()
    return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip(), address
