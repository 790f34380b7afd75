"""Tables in Markdown: a cell is one line, and a bar in it is no border."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Write the lines of a table."""
    listed = [*headings]
    return [_row(listed), _row("---" for _ in listed).replace(" ", ""), *map(_row, rows)]


def code(text: str) -> str:
    """Write text as code; templates may hold anything but a backquote."""
    return f"`{text}`"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
