"""The pipes, one line each; a new one is one function in a family's file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.pipes import conversion, dates, lists, numbers, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.expressions.pipes.pipe import Pipe

_ALL: Final = (
    text.lower,
    text.upper,
    text.trim,
    text.title,
    text.slug,
    text.replace,
    text.split,
    lists.join,
    lists.first,
    lists.last,
    lists.length,
    numbers.number,
    numbers.rounded,
    conversion.default,
    conversion.string,
    conversion.json,
    dates.date,
    dates.add,
)

PIPES: Final[Mapping[str, Pipe]] = {pipe.name: pipe for pipe in _ALL}
