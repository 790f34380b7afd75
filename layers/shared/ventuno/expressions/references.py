"""What a value needs from the context, read from its text alone.

A step loads only the outputs it references, and validation checks each path before activation.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from ventuno.expressions.grammar import Path
from ventuno.expressions.template import OPENING, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.expressions.grammar import Token
    from ventuno.expressions.template import Template
    from ventuno.json_value import JsonValue


class Reference(NamedTuple):
    """A path: `root` is a step id, `trigger` or another root of the context, `path` leads on from there."""

    root: str
    path: tuple[str, ...] = ()


NOW: Final = "now"
"""The root that holds the current instant as ISO text; whoever builds a context puts it in.

No step may have this id, so that it means the same everywhere.
"""

SECRETS: Final = "secrets"
"""The root of secrets; it is in the context only where an action says so. No step may have this id."""

WHOLE_CONTEXT: Final = Reference("*")
"""The reference of `{{this}}` and `{{@root}}`: every output is needed. No step id is a star."""


def references(value: JsonValue) -> frozenset[Reference]:
    """Return every path that resolving `value` follows."""
    paths = (token.operand for token in tokens(value) if isinstance(token.operand, Path))
    return frozenset(Reference(path.keys[0], path.keys[1:]) if path.keys else WHOLE_CONTEXT for path in paths)


def tokens(value: JsonValue) -> Iterator[Token]:
    """Yield the tokens of every string in `value`, keys included; `problem` tells which are malformed."""
    return chain.from_iterable(template.tokens for template in templates(value))


def templates(value: JsonValue) -> Iterator[Template]:
    """Yield every string in `value` that holds `{{`, keys included."""
    todo: list[JsonValue] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            if OPENING in item:
                yield parse(item)
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple):
            todo += item
