"""Script: one run of an author's module in a QuickJS context that is thrown away afterwards.

QuickJS refuses calls back into Python while it has a time limit, so the script leaves its requests in a list;
between its jobs they are taken out, and their answers are put in. Every text that comes out is untrusted.
"""

from __future__ import annotations

import heapq
import json
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import quickjs

from ventuno.sandbox.call import (
    MAX_LOG_CHARACTERS,
    MAX_RESULT_BYTES,
    CodeOutcome,
    Failure,
    Line,
    timeout_message,
)

if TYPE_CHECKING:
    from ventuno.sandbox.call import CodeCall

MEMORY_BYTES: Final = 128 * 1024 * 1024
STACK_BYTES: Final = 512 * 1024
_AFTERWARDS_SECONDS: Final = 1.0  # for reading the log of a script whose time is over
_MAX_REQUESTS: Final = 1_000  # of one run
_ENTRY: Final = "__ventuno_main"
_OUT_OF_MEMORY: Final = "out of memory"
_TOO_MUCH_MEMORY: Final = f"the script needs more than the {MEMORY_BYTES // 1024**2} MiB of memory allowed"
_OF_THE_ENGINE: Final = {
    _OUT_OF_MEMORY: _TOO_MUCH_MEMORY,
    "null": f"the script threw null; if not by itself, {_TOO_MUCH_MEMORY}",
}
_OUR_FRAME: Final = "\n    at ventunoCallsMain"
_INTERRUPTED: Final = "InternalError: interrupted"


class Requests(Protocol):
    """Where a script's requests are made; answers come in any order."""

    def ask(self, request: dict[str, Any]) -> None:
        """Begin a request; it has an `id`."""

    def answer(self, seconds: float) -> tuple[int, str] | None:
        """Wait for an answer: the request's id and JSON text."""


class ScriptError(Exception):
    """The run ended without a value."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@cache
def _prelude() -> str:
    return Path(__file__).with_name("prelude.js").read_text(encoding="utf-8")


def new_context() -> Any:  # noqa: ANN401 - quickjs has no types
    """Make a context with nothing but the language, within limits of memory and stack."""
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    context.set_max_stack_size(STACK_BYTES)
    return context


class Script:
    """One run; `run` is called once."""

    def __init__(self, call: CodeCall, requests: Requests) -> None:
        self._call = call
        self._requests = requests
        self._begun = time.monotonic()
        self._context = new_context()
        self._bridge = self._context.eval(_prelude())(MAX_LOG_CHARACTERS)
        self._timers: list[tuple[float, int]] = []
        self._fetching: set[int] = set()
        self._fetches = 0

    def run(self) -> CodeOutcome:
        """Run `main` to its end, or to a limit."""
        text, failure = None, None
        try:
            self._limit_time()
            text = self._finished()
        except ScriptError as error:
            failure = error.failure
        except quickjs.JSException as error:
            failure = self._failure_of(str(error))
        except (KeyError, TypeError, ValueError) as error:  # what it sends may be anything
            failure = Failure(f"the script sent something that cannot be read: {error}")
        return self._outcome(text, failure)

    def _finished(self) -> str:
        """Work until the outcome is there and return its JSON text."""
        self._bridge("expect", _ENTRY, json.dumps(self._call.params))
        module = self._context.module(f"{self._call.code}\n;{_ENTRY}(main)")
        self._bridge("loaded", module)
        while True:
            self._work()
            outcome = self._bridge("outcome")
            if outcome:
                return self._text_of(json.loads(outcome))
            self._take_requests()
            self._wait()

    def _work(self) -> None:
        self._limit_time()
        while self._context.execute_pending_job():
            self._limit_time()

    def _limit_time(self) -> None:
        """Give the next piece of work what is left. Raises: ScriptError when nothing is"""
        left = self._left()
        if left <= 0:
            raise self._timed_out()
        self._context.set_time_limit(left)

    def _left(self) -> float:
        return self._call.timeout_seconds - (time.monotonic() - self._begun)

    def _timed_out(self) -> ScriptError:
        return ScriptError(Failure(timeout_message(self._call.timeout_seconds), timed_out=True))

    def _text_of(self, outcome: dict[str, Any]) -> str:
        """Return the JSON text of a value. Raises: ScriptError for a failure and for what is too large"""
        if "text" not in outcome:
            message = str(outcome["message"])
            raise ScriptError(
                Failure(
                    _OF_THE_ENGINE.get(message, message),
                    str(outcome.get("stack", "")).partition(_OUR_FRAME)[0],
                )
            )
        text = str(outcome["text"])
        size = len(text.encode("utf-8", "replace"))
        if size > MAX_RESULT_BYTES:
            raise ScriptError(Failure(f"the result has {size} bytes, {MAX_RESULT_BYTES} are allowed"))
        return text

    def _take_requests(self) -> None:
        for request in json.loads(self._bridge("asks")):
            if request["op"] == "sleep":
                heapq.heappush(self._timers, (time.monotonic() + request["ms"] / 1000, request["id"]))
                continue
            self._fetches += 1
            if self._fetches > _MAX_REQUESTS:
                raise ScriptError(Failure(f"the script made more than {_MAX_REQUESTS} requests"))
            self._fetching.add(request["id"])
            self._requests.ask(request)

    def _wait(self) -> None:
        """Wait for the next answer or timer, and give it to the script."""
        if not self._fetching and not self._timers:
            raise ScriptError(Failure("main never ends: it waits for a promise that nothing will settle"))
        now = time.monotonic()
        until = min([now + max(self._left(), 0), *(at for at, _ in self._timers[:1])])
        if self._fetching:
            answer = self._requests.answer(max(until - now, 0))
            if answer is not None and answer[0] in self._fetching:
                self._fetching.discard(answer[0])
                self._bridge("settle", *answer)
        elif until > now:
            time.sleep(until - now)
        while self._timers and self._timers[0][0] <= time.monotonic():
            self._bridge("settle", heapq.heappop(self._timers)[1], "{}")

    def _failure_of(self, told: str) -> Failure:
        """Explain an error that ended the script from outside, or before `main` began."""
        if told.startswith(_INTERRUPTED):
            return self._timed_out().failure
        first, _, stack = told.partition("\n")
        if _OUT_OF_MEMORY in first:
            return Failure(_TOO_MUCH_MEMORY)
        place = stack.strip().removeprefix("at <input>:").partition("\n")[0]
        return Failure(
            f"{first} (line {place.replace(':', ', column ')})" if "SyntaxError" in first else first, told
        )

    def _outcome(self, text: str | None, failure: Failure | None) -> CodeOutcome:
        lines, dropped = self._log()
        return CodeOutcome(
            text=text,
            failure=failure,
            lines=lines,
            dropped_lines=dropped[0],
            dropped_characters=dropped[1],
            fetches=self._fetches,
            seconds=round(time.monotonic() - self._begun, 6),
        )

    def _log(self) -> tuple[tuple[Line, ...], tuple[int, int]]:
        self._context.set_time_limit(_AFTERWARDS_SECONDS)
        try:
            log = json.loads(self._bridge("log"))
            lines = tuple(Line(entry["at"], entry["level"], entry["text"]) for entry in log["lines"])
        except (quickjs.JSException, KeyError, TypeError, ValueError):
            return (), (0, 0)  # there is no memory left to write it, or it was tampered with
        return lines, (log["dropped"][0], log["dropped"][1])
