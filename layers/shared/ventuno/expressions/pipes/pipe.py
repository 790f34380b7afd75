"""Pipe: one row of the table of pipes, with everything that parser, checks and documentation need.

A pipe is made once per template: `make` gets the arguments and returns what is applied to each value.
Missing values and null pass through every pipe but those that replace them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from ventuno.expressions.kinds import Kind, kind_of
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

    Step: TypeAlias = Callable[..., Resolved]
    Argument: TypeAlias = tuple[str | None, JsonValue]

LONGEST_RESULT: Final = 5 * 1024 * 1024
"""Characters that a pipe may write, as many bytes as a step's output may have."""

ANY_KIND: Final = frozenset(Kind)
REQUIRED: Final = UNDEFINED


class PipeValueError(ValueError):
    """An argument or a value is not what the pipe needs; the message reads on after the pipe's name."""


class Gives(Enum):
    """What a pipe results in: a kind, the value it was given, or one element of it."""

    TEXT = Kind.TEXT
    NUMBER = Kind.NUMBER
    LIST = Kind.LIST
    SAME = "the value itself"
    ELEMENT = "an element"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of a pipe; None as `kind` takes any literal, UNDEFINED as `default` makes it required."""

    name: str
    kind: Kind | None = Kind.TEXT
    default: Resolved = REQUIRED
    keyword_only: bool = False

    @property
    def signature(self) -> str:
        """Write it as authors see it in a list of arguments."""
        return f"{self.name}=" if self.keyword_only else self.name

    def check(self, value: JsonValue) -> None:
        """Refuse a literal of another kind. Raises: PipeValueError"""
        if self.kind is not None and (value is None or kind_of(value) is not self.kind):
            raise PipeValueError(f"needs {self.kind} as {self.name}")


@dataclass(frozen=True, slots=True)
class Example:
    """A template on the context of the documentation, and what it resolves to; every example is a test."""

    template: str
    result: Resolved


@dataclass(frozen=True, slots=True)
class Pipe:
    """One pipe: `takes` lists the kinds of values it works on, `gives` says what comes out."""

    name: str
    summary: str
    make: Callable[..., Step]
    gives: Gives
    takes: frozenset[Kind]
    parameters: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    replaces_nothing: bool = False

    @property
    def signature(self) -> str:
        """Write the pipe with its arguments, as in `date(format, tz)`."""
        listed = ", ".join(parameter.signature for parameter in self.parameters)
        return f"{self.name}({listed})" if listed else self.name

    def bind(self, arguments: Sequence[Argument]) -> BoundPipe:
        """Give the pipe its arguments. Raises: PipeValueError"""
        given = self._by_name(arguments)
        values: list[Resolved] = []
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is UNDEFINED:
                raise PipeValueError(f"needs an argument: {self.signature}")
            if parameter.name in given:
                parameter.check(value)
            values.append(value)
        return BoundPipe(self, self.make(*values))

    def _by_name(self, arguments: Iterable[Argument]) -> dict[str, JsonValue]:
        free = [parameter.name for parameter in self.parameters if not parameter.keyword_only]
        known = {parameter.name for parameter in self.parameters}
        given: dict[str, JsonValue] = {}
        for position, (name, value) in enumerate(arguments):
            if name is None and position >= len(free):
                raise PipeValueError(f"has too many arguments; write {self.signature}")
            key = name or free[position]
            if key not in known:
                raise PipeValueError(f"has no argument {key}; write {self.signature}")
            if key in given:
                raise PipeValueError(f"is given {key} twice")
            given[key] = value
        return given


@dataclass(frozen=True, slots=True)
class BoundPipe:
    """A pipe with its arguments, ready for values."""

    pipe: Pipe
    step: Step

    @property
    def name(self) -> str:
        """Return the pipe's name."""
        return self.pipe.name

    def apply(self, value: Resolved) -> Resolved:
        """Return what becomes of a value. Raises: PipeValueError"""
        if value is None or value is UNDEFINED:
            return self.step(value) if self.pipe.replaces_nothing else value
        kind = kind_of(value)
        if kind not in self.pipe.takes:
            taken = ", ".join(each for each in Kind if each in self.pipe.takes)
            raise PipeValueError(f"takes {taken}, not {kind}")
        result = self.step(value)
        if isinstance(result, str):
            refuse_longer(len(result))
        return result


def refuse_longer(length: int) -> None:
    """Refuse a result before it is built. Raises: PipeValueError"""
    if length > LONGEST_RESULT:
        raise PipeValueError(f"would write more than {LONGEST_RESULT} characters")


def pipe(
    name: str,
    *parameters: Parameter,
    gives: Gives,
    takes: Iterable[Kind] = ANY_KIND,
    examples: Iterable[Example],
    replaces_nothing: bool = False,
) -> Callable[[Callable[..., Step]], Pipe]:
    """Turn a function of the arguments into a pipe; its docstring says what the pipe does."""

    def made(make: Callable[..., Step]) -> Pipe:
        summary = " ".join((make.__doc__ or "").split())
        return Pipe(
            name, summary, make, gives, frozenset(takes), parameters, tuple(examples), replaces_nothing
        )

    return made
