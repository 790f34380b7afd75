"""Tables for people: fitted to a terminal and coloured there, plain aligned columns in a pipe.

What is shown comes from stores that others write to, so control characters are made visible, never sent on.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table as RichTable
    from rich.text import Text

_GAP = 2
_STYLES = {
    "green": ("SUCCESS", "COMPLETED", "ACTIVE", "created", "activated"),
    "red": ("FAILED", "STOPPED", "error"),
    "yellow": ("RUNNING", "PENDING", "FAILED_SAFELY", "DRAFT", "changed", "warning"),
    "dim": ("SKIPPED", "NOT_STARTED", "DEACTIVATED", "unchanged", "-"),
}
_STYLE_OF = {word: style for style, words in _STYLES.items() for word in words}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    On a narrow terminal the columns of `folds` break, those of `cuts` end in an ellipsis, and those of
    `optional` go.
    """

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    folds: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many characters the widest line needs."""
        return sum(self.widths) + _GAP * (len(self.headings) - 1)

    @property
    def widths(self) -> list[int]:
        """How many characters each column needs."""
        return [max(len(cell) for cell in column) for column in zip(self.headings, *self.rows, strict=True)]

    def without(self, heading: str) -> "Table":
        """Leave a column out."""
        index = self.headings.index(heading)
        rows = [row[:index] + row[index + 1 :] for row in self.rows]
        return replace(self, headings=self.headings[:index] + self.headings[index + 1 :], rows=rows)


def terminal_width() -> int | None:
    """Return the width of the terminal that stdout is, or None when it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def printable(text: str) -> str:
    """Make a text safe to show: line breaks become spaces, other control characters their escapes."""
    return "".join(
        char if char.isprintable() else " " if char in "\r\n\t" else char.encode("unicode_escape").decode()
        for char in text
    )


def table_text(table: Table, width: int | None = None) -> str:
    """Write a table for a terminal of this width, or plainly when there is none."""
    shown = replace(table, rows=[tuple(printable(cell) for cell in row) for row in table.rows])
    if width is None:
        return _plain(shown)
    for heading in reversed(shown.optional):
        shown = shown.without(heading) if shown.width > width else shown
    return _fitted(shown, width)


def listing(table: Table, empty: str) -> str:
    """Write a table for the terminal that stdout is; `empty` is what to say when there are no rows."""
    return table_text(table, terminal_width()) if table.rows else empty


def _plain(table: Table) -> str:
    lines = [table.headings, *table.rows]
    return "\n".join(
        (" " * _GAP).join(cell.ljust(width) for cell, width in zip(line, table.widths, strict=True)).rstrip()
        for line in lines
    )


def _fitted(table: Table, width: int) -> str:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    file = StringIO()
    Console(file=file, width=width, force_terminal=True, highlight=False).print(_rich(table))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def _rich(table: Table) -> "RichTable":
    from rich.table import Table as RichTable  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415 - only a terminal needs it

    made = RichTable(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for heading in table.headings:
        made.add_column(heading, no_wrap=heading not in table.folds + table.cuts, overflow="fold")
    for row in table.rows:
        cells = (Text(cell, style=_STYLE_OF.get(cell, "")) for cell in row)
        made.add_row(
            *(
                _cut(cell) if heading in table.cuts else cell
                for heading, cell in zip(table.headings, cells, strict=True)
            )
        )
    return made


def _cut(text: "Text") -> "Text":
    text.no_wrap, text.overflow = True, "ellipsis"
    return text
