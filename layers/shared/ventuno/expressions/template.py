"""Text with `{{path}}` tokens: parsed once, resolved many times; immutable, so it is shared between calls.

Text that a token resolves to is never scanned again, and time is linear in the text, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ventuno.expressions.grammar import Literal, Token, parse_token
from ventuno.expressions.javascript import length_of, text_of
from ventuno.expressions.pipes.pipe import PipeValueError
from ventuno.expressions.refusals import PipeError
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

OPENING: Final = "{{"
_TOKEN: Final = re.compile(r"\{\{[^{}]++\}\}")
_CACHED_TEMPLATES: Final = 4096
_LONGEST_CACHED_TEXT: Final = 4096  # bounds the cache to a few megabytes
_LONGEST_CACHED_TOKEN: Final = 256  # long texts are parsed each time, but name the same values again


@dataclass(frozen=True, slots=True)
class Template:
    """Text and tokens in order."""

    parts: tuple[str | Token, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens in the order of the text."""
        return tuple(part for part in self.parts if isinstance(part, Token))

    @property
    def unread(self) -> str | None:
        """Return the text from the first braces on that open no token and stay as they are, or None."""
        for part in self.parts:
            if isinstance(part, str) and OPENING in part:
                return part[part.index(OPENING) :]
        return None

    @property
    def lone_token(self) -> Token | None:
        """Return the token if the text is nothing else, so that its value keeps its type."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Token) else None

    def resolve(self, context: Mapping[str, JsonValue]) -> Resolved:
        """Return the value of a lone token, otherwise text; the value is the context's own, not a copy.

        Raises: PipeError
        """
        if len(self.parts) == 1:
            only = self.parts[0]
            return only if isinstance(only, str) else value_of(only, context)
        return self.text(context)

    def text(self, context: Mapping[str, JsonValue]) -> str:
        """Return text, whatever the tokens resolve to. Raises: PipeError"""
        return "".join(
            part if isinstance(part, str) else text_of(value_of(part, context)) for part in self.parts
        )


def parse(text: str) -> Template:
    """Parse authored text; a token that is no path stays in the template and resolves to UNDEFINED."""
    return _cached(text) if len(text) <= _LONGEST_CACHED_TEXT else _parsed(text)


def value_of(token: Token, context: Mapping[str, JsonValue]) -> Resolved:
    """Follow a token's path and its pipes. Raises: PipeError"""
    value = _operand_value(token, context)
    return _piped(token, value) if token.pipes else value


def _piped(token: Token, value: Resolved) -> Resolved:
    for pipe in token.pipes:
        try:
            value = pipe.apply(value)
        except PipeValueError as exc:
            raise PipeError(f"{token.shown} cannot be resolved: {pipe.name} {exc}") from exc
    return value


def _operand_value(token: Token, context: Mapping[str, JsonValue]) -> Resolved:
    """Follow a token's path; only own keys, indexes and lengths are found, and null leads to null."""
    operand = token.operand
    if operand is None:
        return UNDEFINED
    if isinstance(operand, Literal):
        return operand.value
    if not operand.keys:
        return dict(context)
    value: Resolved = context.get(operand.keys[0], UNDEFINED)
    for key in operand.keys[1:]:
        if isinstance(value, dict):
            value = value.get(key, UNDEFINED)
        elif value is None:
            return None
        else:
            value = _member(value, key)
    return value


def _member(value: Resolved, key: str) -> Resolved:
    if not isinstance(value, str | list | tuple):
        return UNDEFINED
    if key == "length":
        return length_of(value)
    return value[int(key)] if _is_index(key, len(value)) else UNDEFINED


def _is_index(key: str, length: int) -> bool:
    """Whether the key is a canonical index below `length`; "01" and "-1" are plain absent keys."""
    short = len(key) <= len(str(length)) and key.isascii() and key.isdigit()
    return short and str(int(key)) == key and int(key) < length


def _parsed(text: str) -> Template:
    parts: list[str | Token] = []
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() > position:
            parts.append(text[position : match.start()])
        parts.append(_token(match[0]) if len(match[0]) <= _LONGEST_CACHED_TOKEN else parse_token(match[0]))
        position = match.end()
    if position < len(text) or not parts:
        parts.append(text[position:])
    return Template(tuple(parts))


_cached = lru_cache(_CACHED_TEMPLATES)(_parsed)
_token = lru_cache(_CACHED_TEMPLATES)(parse_token)
