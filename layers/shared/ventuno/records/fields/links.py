"""LINKS: a primary link, whose address is the unique part, and more.

The origin of an address is lower-cased and one closing slash removed; the rest is kept as written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, expected
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.object_list import ObjectListType
from ventuno.records.fields.text import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonValue

# The scheme is optional: people write acme.com as often as https://acme.com.
_ORIGIN = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?[^/?#\s@]+(?=[/?#]|$)")


class UrlType(FieldType):
    """One address."""

    wire_name: ClassVar[str] = "TEXT"
    textual: ClassVar[bool] = True

    def normalise(self, value: JsonValue) -> JsonValue:
        """Normalise origin and closing slash.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("text", value)
        return _normal(value.strip()) or None

    def comparable(self, value: JsonValue) -> JsonValue:
        """Spell an address as stored addresses are."""
        return _normal(value.strip()) if isinstance(value, str) else value


class _Link(CompositeType):
    wire_name: ClassVar[str] = "LINK"
    parts: ClassVar[Mapping[str, FieldType]] = {"label": TextType(), "url": UrlType()}


class LinksType(CompositeType):
    """primaryLinkLabel, primaryLinkUrl and secondaryLinks."""

    wire_name: ClassVar[str] = "LINKS"
    appendable: ClassVar[bool] = True
    sort_parts: ClassVar[tuple[str, ...]] = ("primaryLinkUrl",)
    unique_part: ClassVar[str | None] = "primaryLinkUrl"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "primaryLinkLabel": TextType(),
        "primaryLinkUrl": UrlType(),
        "secondaryLinks": ObjectListType(_Link()),
    }
    further: ClassVar[tuple[str, Mapping[str, str]] | None] = (
        "secondaryLinks",
        {"primaryLinkLabel": "label", "primaryLinkUrl": "url"},
    )


def _normal(url: str) -> str:
    origin = _ORIGIN.match(url)
    end = origin.end() if origin else 0
    return (url[:end].lower() + url[end:]).removesuffix("/")
