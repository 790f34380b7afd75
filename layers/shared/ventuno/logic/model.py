"""LogicFunction: code under a name, in numbered versions that never change.

Activation copies a function into the workflow's version, as `Snapshot`: what is changed later changes no
workflow that is active, and a step that runs reads no function.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

from pydantic import AfterValidator, Field

from ventuno.sandbox.call import MAX_CODE_CHARACTERS
from ventuno.wire import Wire

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)
NAMED: Final = "a function's name has letters, digits, _ and -, at most 60, and begins with a letter or digit"


def _written(code: str) -> str:
    if not code.strip():
        raise ValueError("there is no code; write `export const main = async (params) => { … }`")
    return code


class Declaration(Wire):
    """`{code, description?, inputSchema?, outputSchema?, timeoutSeconds?}`, as an author writes it."""

    code: Annotated[str, Field(max_length=MAX_CODE_CHARACTERS), AfterValidator(_written)]
    description: Annotated[str, Field(max_length=2_000)] = ""
    input_schema: dict[str, Any] | None = None
    output_schema: dict[str, Any] | None = None
    timeout_seconds: Annotated[float, Field(ge=1, le=900)] = 300


@dataclass(frozen=True, slots=True)
class LogicFunction:
    """One version of a function; `script` is what is run, the code without types."""

    name: str
    number: int
    declaration: Declaration
    script: str
    changed_at: str


class Functions(Protocol):
    """The functions of a workspace, for those who check definitions. Both raise StoreUnavailableError."""

    def find(self, name: str, number: int | None) -> LogicFunction | None:
        """Return a version of a function, the newest when no number is given."""

    def names(self) -> list[str]:
        """List the names of all functions."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A function as a workflow's version keeps it."""

    name: str
    number: int
    script: str
    input_schema: dict[str, Any] | None
    output_schema: dict[str, Any] | None
    timeout_seconds: float

    @classmethod
    def of(cls, function: LogicFunction) -> Snapshot:
        """Copy a function."""
        given = function.declaration
        return cls(
            function.name,
            function.number,
            function.script,
            given.input_schema,
            given.output_schema,
            given.timeout_seconds,
        )

    def to_text(self) -> str:
        """Write it as one text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Snapshot:
        """Read it back."""
        return cls(**json.loads(text))
