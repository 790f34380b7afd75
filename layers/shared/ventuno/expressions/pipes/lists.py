"""Pipes on lists, and on text where it is a list of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import length_of, text_of
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipes.pipe import Example, Gives, Parameter, pipe, refuse_longer
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.expressions.pipes.pipe import Step
    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

_SEQUENCES: Final = (Kind.LIST, Kind.TEXT)


@pipe(
    "join",
    Parameter("sep", default=", "),
    gives=Gives.TEXT,
    takes=(Kind.LIST,),
    examples=[
        Example("{{trigger.tags | join}}", "new, vip"),
        Example('{{trigger.tags | join("\\u007c")}}', "new|vip"),
    ],
)
def join(sep: str) -> Step:
    """Write the elements one after another with `sep` between them.

    An element that is null is empty text, one that is a list or an object its JSON.
    """

    def joined(elements: Sequence[JsonValue]) -> str:
        texts = ["" if element is None else text_of(element) for element in elements]
        refuse_longer(sum(map(len, texts)) + len(sep) * len(texts))
        return sep.join(texts)

    return joined


@pipe(
    "first",
    gives=Gives.ELEMENT,
    takes=_SEQUENCES,
    examples=[
        Example("{{trigger.tags | first}}", "new"),
        Example("{{trigger.name | first | upper}}", "A"),
        Example('{{trigger.none | first | default("nobody")}}', "nobody"),
    ],
)
def first() -> Step:
    """Take the first element of a list or the first character of a text; of nothing it is missing."""
    return lambda values: _element(values, 0)


@pipe("last", gives=Gives.ELEMENT, takes=_SEQUENCES, examples=[Example("{{trigger.tags | last}}", "vip")])
def last() -> Step:
    """Take the last element of a list or the last character of a text; of nothing it is missing."""
    return lambda values: _element(values, -1)


@pipe(
    "length",
    gives=Gives.NUMBER,
    takes=_SEQUENCES,
    examples=[Example("{{trigger.tags | length}}", 2), Example('{{"Ada" | length}}', 3)],
)
def length() -> Step:
    """Count the elements of a list or the characters of a text, as `.length` at the end of a path does."""
    return length_of


def _element(values: str | Sequence[JsonValue], index: int) -> Resolved:
    return values[index] if values else UNDEFINED
