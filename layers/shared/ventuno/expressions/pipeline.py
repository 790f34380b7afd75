"""The pipes after a path, parsed: `| name | name(literal, key=literal)`; arguments are literals, never paths.

What cannot be a pipe becomes a fault that stands in its place: resolving the token raises it,
and validation reports it before.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, TypeAlias

from ventuno.expressions.javascript import SPACE
from ventuno.expressions.pipes.pipe import BoundPipe, PipeValueError
from ventuno.expressions.pipes.registry import PIPES
from ventuno.expressions.showing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.expressions.pipes.pipe import Argument
    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

MOST_PIPES: Final = 20
"""Pipes in one token."""


class FaultKind(Enum):
    """Whether the name is wrong, or what stands around it."""

    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class PipeFault:
    """Something that should be a pipe and is none; `message` reads on after the name."""

    name: str
    message: str
    kind: FaultKind = FaultKind.INVALID

    def apply(self, _value: Resolved) -> NoReturn:
        """Raise the fault. Raises: PipeValueError"""
        raise PipeValueError(self.message)


Pipeline: TypeAlias = tuple[BoundPipe | PipeFault, ...]


class _Lexeme(NamedTuple):
    kind: str
    text: str


class _UnreadableError(Exception):
    """The text breaks the grammar; what follows cannot be read either."""


_LEXEMES: Final = re.compile(
    rf"[{SPACE}]*(?:"
    r'"(?P<double>(?:\\.|[^"\\])*+)"'
    r"|'(?P<single>(?:\\.|[^'\\])*+)'"
    r"|(?P<constant>true|false|null)(?![A-Za-z0-9_-])"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![A-Za-z0-9_.-])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<mark>[|(),=])"
    r"|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_CONSTANTS: Final[dict[str, JsonValue]] = {"true": True, "false": False, "null": None}
_LONGEST_WHOLE: Final = 15  # digits that a double holds exactly


def parse_pipes(text: str) -> Pipeline:
    """Parse everything from the first `|` of a token on."""
    reader = _Reader(text)
    pipes: list[BoundPipe | PipeFault] = []
    while not reader.at_end():
        if len(pipes) == MOST_PIPES:
            return (*pipes, PipeFault("|", f"follows {MOST_PIPES} pipes, which is the most a token may have"))
        try:
            pipes.append(_bound(*reader.call()))
        except _UnreadableError as exc:
            return (*pipes, PipeFault(reader.name, str(exc)))
    return tuple(pipes)


def _bound(name: str, arguments: list[Argument]) -> BoundPipe | PipeFault:
    pipe = PIPES.get(name)
    if pipe is None:
        return PipeFault(name, f"is no pipe; the pipes are {', '.join(sorted(PIPES))}", FaultKind.UNKNOWN)
    try:
        return pipe.bind(arguments)
    except PipeValueError as exc:
        return PipeFault(name, str(exc))


class _Reader:
    """Reads one call after another; `name` is that of the call being read, or the `|` before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._next = self._read()
        self.name = "|"

    def at_end(self) -> bool:
        return self._next.kind == "end"

    def call(self) -> tuple[str, list[Argument]]:
        """Read `| name` or `| name(arguments)`."""
        self._expect("|", "a | before the next pipe")
        self.name = "|"
        if self._next.kind != "name":
            raise self._unexpected("the name of a pipe")
        self.name = self._advance().text
        if not self._accept("("):
            return self.name, []
        arguments = [] if self._accept(")") else list(self._arguments())
        return self.name, arguments

    def _arguments(self) -> Iterator[Argument]:
        named = False
        while True:
            key = self._key()
            if named and key is None:
                raise _UnreadableError("has an argument without a name after one with a name")
            named = key is not None
            yield key, self._literal()
            if self._accept(")"):
                return
            self._expect(",", "a comma or ) after an argument")

    def _key(self) -> str | None:
        if self._next.kind != "name":
            return None
        key = self._advance().text
        if not self._accept("="):
            raise _UnreadableError(f'takes values, not paths, so {shown(key)} needs quotes: "{shown(key)}"')
        return key

    def _literal(self) -> JsonValue:
        kind, text = self._next
        if kind not in {"double", "single", "number", "constant"}:
            raise self._unexpected('a value: "text", a number, true, false or null')
        self._advance()
        if kind == "constant":
            return _CONSTANTS[text]
        if kind == "number":
            return _number(text)
        return _ESCAPE.sub(_unescaped, text)

    def _accept(self, mark: str) -> bool:
        if self._next != ("mark", mark):
            return False
        self._advance()
        return True

    def _expect(self, mark: str, wanted: str) -> None:
        if not self._accept(mark):
            raise self._unexpected(wanted)

    def _advance(self) -> _Lexeme:
        current = self._next
        self._next = self._read()
        return current

    def _read(self) -> _Lexeme:
        match = _LEXEMES.match(self._text, self._position)
        if match is None:
            return _Lexeme("unknown", self._text[self._position :].strip())
        self._position = match.end()
        kind = str(match.lastgroup)
        return _Lexeme(kind, match[kind])

    def _unexpected(self, wanted: str) -> _UnreadableError:
        found = f"{shown(self._next.text)} stands" if self._next.text else "the end"
        return _UnreadableError(f"needs {wanted}, where {found}{'' if self._next.text else ' is'}")


def _number(text: str) -> float:
    if "." not in text and len(text) <= _LONGEST_WHOLE:
        return int(text)
    number = float(text)
    if math.isinf(number):
        raise _UnreadableError("has a number that is too large")
    return number


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    if code not in _ESCAPED:
        raise _UnreadableError(f"has the escape \\{code}, which does not exist; write \\\\ for a backslash")
    return _ESCAPED[code]
