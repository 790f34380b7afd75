"""What a command shows: the answer on stdout, progress on stderr; --json makes the answer one object."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from rich.status import Status

    from ventuno.json_value import JsonValue


class Console:
    """The output of one command, and the `Progress` of the work it does."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_status()

    def step(self, text: str) -> None:
        """Tell on stderr what is being done."""
        self._stop_status()
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command's own output

    def detail(self, text: str) -> None:
        """Show a sign of life on a terminal; a file or pipe gets none."""
        if not sys.stderr.isatty():
            return
        if self._status is None:
            from rich.console import Console as Terminal  # noqa: PLC0415 - only a terminal needs it

            self._status = Terminal(stderr=True).status(text)
            self._status.start()
        self._status.update(text)

    def answer(self, text: str, value: Mapping[str, JsonValue]) -> None:
        """Print the command's answer: `value` with --json, else `text`."""
        self._stop_status()
        print(json.dumps(value) if self.as_json else text, flush=True)  # noqa: T201 - the command's own output

    def _stop_status(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


def error(text: str) -> None:
    """Print an error as one sentence on stderr."""
    print(f"error: {text}", file=sys.stderr, flush=True)  # noqa: T201 - the command's own output
