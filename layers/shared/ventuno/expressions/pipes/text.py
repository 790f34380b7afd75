"""Pipes on text; numbers and booleans are taken as the text that a token writes for them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import SPACE, string_of, trimmed_text
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipes.pipe import Example, Gives, Parameter, PipeValueError, pipe, refuse_longer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.expressions.pipes.pipe import Step

WRITABLE: Final = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN)

_WORD: Final = re.compile(rf"[^{SPACE}-]+")
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")
_PLAIN_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "\u0131": "i"}
)


def on_text(change: Callable[[str], str]) -> Step:
    """Return the step that changes the text of a value."""
    return lambda value: change(string_of(value))


@pipe("lower", gives=Gives.TEXT, takes=WRITABLE, examples=[Example("{{trigger.name | lower}}", "ada o'neil")])
def lower() -> Step:
    """Write in lower case."""
    return on_text(str.lower)


@pipe("upper", gives=Gives.TEXT, takes=WRITABLE, examples=[Example("{{trigger.name | upper}}", "ADA O'NEIL")])
def upper() -> Step:
    """Write in capitals."""
    return on_text(str.upper)


@pipe("trim", gives=Gives.TEXT, takes=WRITABLE, examples=[Example("{{trigger.city | trim}}", "São Paulo")])
def trim() -> Step:
    """Remove white space and line breaks at both ends."""
    return on_text(trimmed_text)


@pipe(
    "title",
    gives=Gives.TEXT,
    takes=WRITABLE,
    examples=[
        Example("{{trigger.name | title}}", "Ada O'neil"),
        Example('{{"anna-LENA" | title}}', "Anna-Lena"),
    ],
)
def title() -> Step:
    """Begin each word with a capital and write its rest in lower case; spaces and hyphens end words."""
    return on_text(lambda text: _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), text))


@pipe(
    "slug",
    gives=Gives.TEXT,
    takes=WRITABLE,
    examples=[
        Example("{{trigger.city | slug}}", "sao-paulo"),
        Example('{{"Straße & Söhne (2026)" | slug}}', "strasse-sohne-2026"),
    ],
)
def slug() -> Step:
    """Write with a-z, 0-9 and inner hyphens only; accents are dropped, as are letters of other scripts."""
    return on_text(_slug)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _BETWEEN_WORDS.sub("-", bare).strip("-")


@pipe(
    "replace",
    Parameter("a"),
    Parameter("b"),
    gives=Gives.TEXT,
    takes=WRITABLE,
    examples=[
        Example('{{trigger.phone | replace(" ", "")}}', "+390612345"),
        Example(r'{{"a.b.c" | replace(".", "\n")}}', "a\nb\nc"),
    ],
)
def replace(old: str, new: str) -> Step:
    """Write `b` wherever `a` stands; `a` is plain text, not a pattern."""
    if not old:
        raise PipeValueError("needs a text that is not empty as a")

    def replaced(text: str) -> str:
        refuse_longer(len(text) + text.count(old) * (len(new) - len(old)))
        return text.replace(old, new)

    return on_text(replaced)


@pipe(
    "split",
    Parameter("sep", default=","),
    gives=Gives.LIST,
    takes=WRITABLE,
    examples=[
        Example("{{trigger.csv | split}}", ["red", " green", ""]),
        Example('{{"a; b" | split("; ")}}', ["a", "b"]),
    ],
)
def split(sep: str) -> Step:
    """Cut text at every `sep` into a list of texts; nothing is trimmed or dropped."""
    if not sep:
        raise PipeValueError("needs a text that is not empty as sep")
    return lambda value: list(string_of(value).split(sep))
