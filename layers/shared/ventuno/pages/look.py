"""What all pages share: the frame, the look, and the headers that forbid everything else.

The style stands in the page and its digest in the policy, so that nothing of the page's text is a style or a
script, wherever it comes from.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ventuno.pages.html import el, els, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from ventuno.pages.html import Content

HTML: Final = "text/html; charset=utf-8"

_STYLE: Final = Path(__file__).with_name("page.css").read_text("utf-8")
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address is the permission, so it is told to nobody
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def document(title: str, content: Iterable[Content]) -> str:
    """Write a page."""
    head = el(
        "head",
        {},
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("title", {}, title),
        el("style", {}, _STYLE),
    )
    body = el("body", {}, els("main", {"id": "main"}, content))
    return written(el("html", {"lang": "en"}, head, body))


def message_page(title: str, *sentences: str) -> str:
    """Write a page that only says something."""
    return document(title, [heading(title), *(el("p", {}, sentence) for sentence in sentences)])


def heading(text: str) -> Element:
    """Make the heading of a page."""
    return el("h1", {}, text)
