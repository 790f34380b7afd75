"""What stands between `{{` and `}}`: a hand-written parser of paths and literals; nothing here evaluates.

The rules are Handlebars' for the arguments of a call: the first argument counts, words after it are ignored.
From the first `|` outside quotes and brackets on, `pipeline` reads; a token without one knows nothing of it.

Source: reference §5
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ventuno.expressions.javascript import SPACE
from ventuno.expressions.pipeline import PipeFault, parse_pipes
from ventuno.expressions.showing import shown
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.expressions.pipeline import Pipeline
    from ventuno.expressions.undefined import Resolved


@dataclass(frozen=True, slots=True)
class Path:
    """Keys to follow from the context; no key at all is the context itself."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the token itself."""

    value: Resolved


Operand: TypeAlias = Path | Literal


@dataclass(frozen=True, slots=True)
class Token:
    """One `{{…}}`: `operand` is None if the text is no path; `ignored` if words follow the first argument."""

    raw: str
    operand: Operand | None
    ignored: bool = False
    pipes: Pipeline = ()

    @property
    def shown(self) -> str:
        """The token for messages."""
        return shown(self.raw)

    @property
    def faults(self) -> tuple[PipeFault, ...]:
        """The pipes that are none."""
        return tuple(pipe for pipe in self.pipes if isinstance(pipe, PipeFault))

    @property
    def problem(self) -> str | None:
        """Say what the author should change about the path, or None."""
        if self.operand is None:
            advice = "write {{step.key}} and put other characters as [in brackets]"
            return f"{self.shown} is not a path; {advice}"
        if self.ignored:
            return f"{self.shown} has more than one word; only the first is read, put spaces as [in brackets]"
        return None


class Lexeme(NamedTuple):
    """One word of the grammar."""

    kind: str
    text: str


_AFTER_WORD: Final = rf"(?=[=~}}{SPACE}/.)\]|]|\Z)"
_AFTER_LITERAL: Final = rf"(?=[~}}{SPACE})\]]|\Z)"
_WORD_STOPS: Final = rf"{SPACE}!\"#%-,./;->@\[-\^`{{-~"
# The order is Handlebars': the first alternative that matches wins.
# Inside quotes and brackets, a backslash before the closing mark escapes it only if another mark follows:
# the first mark without a backslash closes, else the last one. Neither search needs memory to go back.
_LEXEMES: Final = re.compile(
    "|".join(
        (
            rf"(?P<space>[{SPACE}]+)",
            r"(?P<equals>=)",
            rf"(?P<dots>\.\.|\.{_AFTER_WORD})",
            r"(?P<separator>[/.])",
            r'"(?P<double>(?:[^"]++|(?<=\\)")*+(?=")|(?s:.*))"',
            r"'(?P<single>(?:[^']++|(?<=\\)')*+(?=')|(?s:.*))'",
            r"(?P<data>@)",
            rf"(?P<constant>true|false|undefined|null){_AFTER_LITERAL}",
            rf"(?P<number>-?[0-9]+(?:\.[0-9]+)?){_AFTER_LITERAL}",
            rf"(?P<word>[^{_WORD_STOPS}]+){_AFTER_WORD}",
            r"\[(?P<bracket>(?:[^\]]++|(?<=\\)\])*+(?=\])|(?s:.*))\]",
        )
    )
)
_CONSTANTS: Final[dict[str, Resolved]] = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}
_ESCAPED: Final = re.compile(r"\\([\\\]])")
_NAMES: Final = frozenset({"word", "dots", "bracket"})
_END: Final = Lexeme("end", "")


def parse_token(raw: str) -> Token:
    """Parse one token with its braces; text that is no path gives a token without an operand."""
    content = raw[2:-2]
    if "|" not in content:
        return Token(raw, *_operand(content))
    _, bar = _lexemes(content)
    if content[bar : bar + 1] != "|":  # none outside quotes and brackets, or something unreadable before it
        return Token(raw, *_operand(content))
    return Token(raw, *_operand(content[:bar]), parse_pipes(content[bar:]))


def _operand(content: str) -> tuple[Operand | None, bool]:
    """Return what the text stands for, None if it is no path, and whether words after it are ignored."""
    lexemes, end = _lexemes(content)
    if end < len(content):
        return None, False
    parser = _Parser(lexemes)
    operand = parser.argument()
    ignored = not parser.at_end()
    return (operand if parser.accepts_rest() else None), ignored


def _lexemes(content: str) -> tuple[list[Lexeme], int]:
    """Split into words up to the end, or to where no word of the grammar begins."""
    found: list[Lexeme] = []
    position = 0
    while position < len(content):
        match = _LEXEMES.match(content, position)
        if match is None:
            break
        position = match.end()
        if match.lastgroup != "space":
            found.append(Lexeme(str(match.lastgroup), match[str(match.lastgroup)]))
    return found, position


class _Parser:
    """Reads arguments from left to right; `failed` stays set once the text breaks the grammar."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self._lexemes = [*lexemes, _END, _END]
        self._position = 0
        self._failed = False

    def at_end(self) -> bool:
        return self._peek().kind == "end"

    def accepts_rest(self) -> bool:
        """Read what follows the first argument: more arguments, then `name=argument` pairs."""
        named = False
        while not self._failed and not self.at_end():
            if self._peek(1).kind == "equals":
                named = True
                self._failed = self._peek().kind != "word"
                self._position += 2
            elif named:
                self._failed = True
            self.argument()
        return not self._failed

    def argument(self) -> Operand | None:
        if self._peek(1).kind == "equals":
            self._failed = True
            return None
        kind, text = self._next()
        if kind == "data":
            return _root_path(self._names())
        if kind in _NAMES:
            self._position -= 1
            return _path(self._names())
        literal = _literal(kind, text)
        self._failed |= literal is None
        return literal

    def _names(self) -> list[Lexeme]:
        names = [self._next()]
        while self._peek().kind == "separator":
            self._position += 1
            names.append(self._next())
        self._failed |= any(name.kind not in _NAMES for name in names) or _turns_back(names)
        return names

    def _peek(self, offset: int = 0) -> Lexeme:
        return self._lexemes[min(self._position + offset, len(self._lexemes) - 1)]

    def _next(self) -> Lexeme:
        lexeme = self._peek()
        self._position += 1
        return lexeme


def _literal(kind: str, text: str) -> Literal | None:
    if kind == "constant":
        return Literal(_CONSTANTS[text])
    if kind == "number":
        return Literal(_number(text))
    if kind in {"double", "single"}:
        quote = '"' if kind == "double" else "'"
        return Literal(text.replace(f"\\{quote}", quote))
    return None


def _number(text: str) -> float:
    """Read digits; more than fifteen as a double, as JavaScript does, so that no length is too long."""
    exact = "." not in text and len(text) <= len("-999999999999999")
    return int(text) if exact else float(text)


def _path(names: Sequence[Lexeme]) -> Path | None:
    """Read keys from the context; `..` leads out of it, to nothing."""
    if any(kind == "dots" and text == ".." for kind, text in names):
        return None
    return Path(tuple(_key(name) for name in names if not _is_context(name)))


def _key(name: Lexeme) -> str:
    return _ESCAPED.sub(r"\1", name.text) if name.kind == "bracket" else name.text


def _is_context(name: Lexeme) -> bool:
    """Whether the name is `.`, `..` or `this`, which only make sense before the first key."""
    return name.kind == "dots" or (name.kind == "word" and name.text == "this")


def _turns_back(names: Sequence[Lexeme]) -> bool:
    contexts = [_is_context(name) for name in names]
    return any(later and not earlier for earlier, later in pairwise(contexts))


def _root_path(names: Sequence[Lexeme]) -> Path | None:
    """Read `@root…`, the context; other `@` names belong to blocks, which do not exist here."""
    root = _path(names)
    return Path(root.keys[1:]) if root is not None and root.keys[:1] == ("root",) else None
