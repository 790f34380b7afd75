"""HTML as a tree: text and attributes are escaped when it is written, so no text can become markup."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Attributes = Mapping[str, str | bool | None]
    Content = Element | str | None


def el(tag: str, attributes: Attributes, *content: Content) -> Element:
    """Make an element; attributes that are None or False, and content that is None, are left out."""
    made = Element(tag, {name: _value(name, value) for name, value in attributes.items() if _given(value)})
    for part in content:
        _append(made, part)
    return made


def els(tag: str, attributes: Attributes, content: Iterable[Content]) -> Element:
    """Make an element of any number of parts."""
    return el(tag, attributes, *content)


def written(root: Element) -> str:
    """Write a whole document."""
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html")


def _given(value: str | bool | None) -> bool:  # noqa: FBT001 - an attribute's own value
    return value is not None and value is not False


def _value(name: str, value: str | bool | None) -> str:  # noqa: FBT001 - same
    return name if value is True else clean(str(value))


def _append(made: Element, part: Content) -> None:
    if part is None:
        return
    if not isinstance(part, str):
        made.append(part)
    elif len(made):
        made[-1].tail = (made[-1].tail or "") + clean(part)
    else:
        made.text = (made.text or "") + clean(part)


def clean(text: str) -> str:
    """Take out what no document may hold: control characters and halves of characters."""
    return "".join(
        char for char in text if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff")
    )
