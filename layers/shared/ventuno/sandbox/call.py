"""What a CODE step asks for and what comes of it, as the port `CodeRunner` takes and gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue

LONGEST_SECONDS: Final = 890.0
"""A script's longest time: the step's own call has 900 s, and must store what came of it."""
MAX_CODE_CHARACTERS: Final = 256_000
MAX_RESULT_BYTES: Final = 5 * 1024 * 1024
MAX_LOG_CHARACTERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class CodeCall:
    """One call of `main(params)`. `key` names it: each `fetch` with an effect carries it and a number."""

    code: str
    params: JsonValue
    timeout_seconds: float
    key: str = ""

    def to_value(self) -> JsonObject:
        """Write the call. Item: {code, params, timeoutSeconds, key}"""
        return {
            "code": self.code,
            "params": self.params,
            "timeoutSeconds": self.timeout_seconds,
            "key": self.key,
        }

    @classmethod
    def from_value(cls, value: JsonObject) -> CodeCall:
        """Read a call back."""
        return cls(
            str(value["code"]), value["params"], float(str(value["timeoutSeconds"])), str(value["key"])
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One call of `console`; `at` is in milliseconds since 1970."""

    at: float
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result: the message of the author's error, or of the limit that was met."""

    message: str
    stack: str = ""
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What came of a call: its value as JSON text, or a failure; and what it wrote to the console."""

    text: str | None
    failure: Failure | None
    lines: tuple[Line, ...] = ()
    dropped_lines: int = 0
    dropped_characters: int = 0
    fetches: int = 0
    seconds: float = 0

    def to_value(self) -> JsonObject:
        """Write the outcome."""
        failure = self.failure
        return {
            "text": self.text,
            "failure": None if failure is None else [failure.message, failure.stack, failure.timed_out],
            "lines": [[line.at, line.level, line.text] for line in self.lines],
            "dropped": [self.dropped_lines, self.dropped_characters],
            "fetches": self.fetches,
            "seconds": self.seconds,
        }

    @classmethod
    def from_value(cls, value: JsonObject) -> CodeOutcome:
        """Read an outcome back."""
        fields: dict[str, list] = dict(value)  # type: ignore[arg-type,type-arg]
        return cls(
            text=fields["text"],  # type: ignore[arg-type]
            failure=Failure(*fields["failure"]) if fields["failure"] else None,
            lines=tuple(Line(*line) for line in fields["lines"]),
            dropped_lines=fields["dropped"][0],
            dropped_characters=fields["dropped"][1],
            fetches=fields["fetches"],  # type: ignore[arg-type]
            seconds=fields["seconds"],  # type: ignore[arg-type]
        )


def timeout_message(seconds: float) -> str:
    """Say that a script took too long."""
    return f"the script did not end within {seconds:g} s"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What activation made of a step's code: the script to run, or why it cannot be run and where.

    Units: `line` and `column` count from 1; 0 when unknown.
    """

    script: str | None
    problem: str | None = None
    line: int = 0
    column: int = 0
