"""The plain text of a message's HTML, for programs and people that show no HTML. Takes sanitised HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "tr", "ul"}
)
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """Write the text of some HTML: links with their addresses, lists with marks, blocks apart."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    lines = "\n".join(line.rstrip() for line in "".join(writer.pieces).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


class _Writer(HTMLParser):
    """Turns tags into line breaks and marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []
        self._exact = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._break(tag)
        if tag == "br":
            self._put("\n")
        elif tag == "hr":
            self._put("---\n")
        elif tag == "img":
            self._put(named.get("alt", ""))
        elif tag in ("ul", "ol"):
            self._lists.append(_first_number(named) if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "a":
            self._links.append((named.get("href", ""), len(self.pieces)))
        self._exact += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            target, start = self._links.pop()
            shown = target.removeprefix("mailto:")
            if shown and shown not in "".join(self.pieces[start:]):
                self._put(f" ({shown})")
        elif tag in ("td", "th"):
            self._put(" ")
        self._exact -= tag == "pre"
        if tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._exact > 0:
            self._put(data)
            return
        text = _SPACES.sub(" ", data)
        self._put(text.lstrip(" ") if self._at_line_start() else text)

    def _put(self, text: str) -> None:
        """Add a piece; none is empty, so that the last one tells where the line stands."""
        if text:
            self.pieces.append(text)

    def _item(self) -> None:
        self._break("li")
        number = self._lists[-1] if self._lists else None
        self._put("  " * (len(self._lists) - 1) + ("- " if number is None else f"{number}. "))
        if number is not None:
            self._lists[-1] = number + 1

    def _at_line_start(self) -> bool:
        return not self.pieces or self.pieces[-1].endswith("\n")

    def _break(self, tag: str) -> None:
        """Begin a new line; paragraphs and headings outside of lists stand apart."""
        apart = not self._lists and (tag in ("p", "blockquote") or tag[1:].isdigit())
        if self.pieces and not self._after_mark():
            self._put("\n\n" if apart else "" if self._at_line_start() else "\n")

    def _after_mark(self) -> bool:
        """Whether a list's mark stands there alone; the paragraph inside an item begins on its line."""
        last = self.pieces[-1]
        return bool(re.fullmatch(r" *(?:-|\d+\.) ", last))


def _first_number(named: dict[str, str]) -> int:
    start = named.get("start", "")
    return int(start) if re.fullmatch(r"-?[0-9]{1,6}", start) else 1
