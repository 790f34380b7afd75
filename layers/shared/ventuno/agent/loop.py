"""The loop of an agent: ask, do what it asks for, ask again, until it answers or a budget is used up.

Replies are kept in the step's memory before anything is done with them. A step that begins anew after a crash
goes through the replies it has, writes nothing twice, and pays for no token twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from ventuno import errors, strict_json
from ventuno.agent.answer_schema import problems_of
from ventuno.agent.conversation import ModelReply, ModelRequest, Results, Said, Stop, ToolResult, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.agent.conversation import ModelChoice, ToolCall, ToolSpec, Turn
    from ventuno.agent.record_tools import RecordTools
    from ventuno.json_value import JsonObject, JsonValue

MOST_CALLS: Final = 20  # of one turn
BUSY_WAITS_SECONDS: Final = (1.0, 4.0, 15.0)
LONGEST_WAIT_SECONDS: Final = 60.0
LONGEST_CALL_SECONDS: Final = 290.0
_JSON: Final = "Answer with one JSON object and nothing else, no code fence. It must fit this JSON schema:"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one step may use. Turns are the model's replies."""

    turns: int
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked; with `schema` the answer is JSON."""

    model: ModelChoice
    system: str
    prompt: str
    schema: JsonObject | None
    budget: Budget


class Listener(Protocol):
    """Told of everything that is said."""

    def said(self, speaker: str, text: str, *, failed: bool = False) -> None:
        """Take one line of the conversation."""


class Memory(Protocol):
    """What a step remembers when it begins anew."""

    def recall(self, name: str) -> JsonValue | None:
        """Return what was kept under a name. Raises: StoreUnavailableError"""

    def keep(self, name: str, value: JsonValue) -> None:
        """Keep something. Raises: StoreUnavailableError"""


@dataclass(frozen=True)
class Surroundings:
    """What a loop works with. Units: `timer` tells seconds, `pause` waits for some."""

    reply: Callable[[ModelRequest], ModelReply]
    tools: RecordTools
    memory: Memory
    listener: Listener
    timer: Callable[[], float]
    pause: Callable[[float], None]


@dataclass
class AgentLoop:
    """One conversation. `usage` and `turns` count what it used, and tell it when it fails too."""

    task: Task
    around: Surroundings
    usage: Usage = field(default_factory=Usage)
    replies: int = 0
    _system: str = ""
    _specs: tuple[ToolSpec, ...] = ()
    _started: float = 0.0
    _turns: list[Turn] = field(default_factory=list)
    _recalling: bool = True
    _repaired: bool = False

    def run(self) -> JsonValue:
        """Return the answer: text, or JSON that fits the schema.

        Raises: ModelError, AgentBudgetError, RecordInputError (an object is gone), StoreUnavailableError
        """
        self._started = self.around.timer()
        self._system = _system(self.task)
        self._specs = self.around.tools.specs()
        if self._system:
            self.around.listener.said("system", self._system)
        self._say(self.task.prompt)
        while True:
            reply = self._next()
            self._turns.append(reply.turn)
            if reply.turn.calls:
                self._turns.append(Results(tuple(self._results(reply.turn.calls))))
            elif (answer := self._answer(reply)) is not None:
                return answer[0]

    def _say(self, text: str) -> None:
        self._turns.append(Said(text))
        self.around.listener.said("user", text)

    def _next(self) -> ModelReply:
        """Return the model's next reply: the one remembered, or a new one, which is remembered first."""
        name = f"reply-{self.replies}"
        kept = self.around.memory.recall(name) if self._recalling else None
        if kept is None:
            self._recalling = False
            reply = self._asked()
            self.around.memory.keep(name, reply.to_value())
        else:
            reply = ModelReply.from_value(kept)
        self.replies += 1
        self.usage += reply.usage
        if reply.turn.text:
            self.around.listener.said("model", reply.turn.text)
        self._refuse(reply)
        return reply

    def _refuse(self, reply: ModelReply) -> None:
        if reply.stop is Stop.REFUSED:
            raise errors.ModelError(
                f"the model refused to answer: {reply.turn.text[:500] or 'no reason given'}"
            )
        if reply.stop is Stop.CUT:
            raise errors.ModelError(
                "the model's answer is longer than it may be and was cut off; ask for less"
            )

    def _asked(self) -> ModelReply:
        for wait in (*BUSY_WAITS_SECONDS, None):
            try:
                return self.around.reply(self._request())
            except errors.ModelBusyError as error:
                if wait is None:
                    raise
                self._wait(max(wait, error.retry_after_seconds or 0.0), error)
        raise AssertionError("the last try returns or raises")

    def _wait(self, seconds: float, error: errors.ModelBusyError) -> None:
        if seconds > LONGEST_WAIT_SECONDS or seconds >= self._left():
            raise error
        self.around.listener.said("model", f"busy, asked again after {seconds:g} s: {error}", failed=True)
        self.around.pause(seconds)

    def _request(self) -> ModelRequest:
        budget = self.task.budget
        if self.replies >= budget.turns:
            raise errors.AgentBudgetError(f"the agent used all of its {budget.turns} turns without an answer")
        if self.usage.total >= budget.tokens:
            raise errors.AgentBudgetError(f"the agent used {self.usage.total} of {budget.tokens} tokens")
        left = self._left()
        if left <= 0:
            raise errors.AgentBudgetError(f"the agent used all of its {budget.seconds:g} s without an answer")
        timeout = min(left, LONGEST_CALL_SECONDS)
        return ModelRequest(self.task.model, self._system, tuple(self._turns), self._specs, timeout)

    def _left(self) -> float:
        return self.task.budget.seconds - (self.around.timer() - self._started)

    def _results(self, calls: tuple[ToolCall, ...]) -> list[ToolResult]:
        results = []
        for index, call in enumerate(calls):
            if index < MOST_CALLS:
                result = self.around.tools.call(call)
            else:
                result = ToolResult(call.id, f"at most {MOST_CALLS} calls a turn are made", failed=True)
            self.around.listener.said(f"call {call.name[:100]}", call.text)
            self.around.listener.said(f"result {call.name[:100]}", result.text, failed=result.failed)
            results.append(result)
        return results

    def _answer(self, reply: ModelReply) -> tuple[JsonValue] | None:
        """Return the answer, or None when the model is asked to repair it. Raises: ModelError"""
        if self.task.schema is None:
            return (reply.turn.text,)
        value, problems = _read(reply.turn.text, self.task.schema)
        if not problems:
            return (value,)
        if self._repaired:
            raise errors.ModelError(f"the answer does not fit the schema: {'; '.join(problems)}")
        self._repaired = True
        told = "\n".join(f"- {problem}" for problem in problems)
        self._say(f"Your answer cannot be used:\n{told}\nAnswer again, with the corrected JSON object alone.")
        return None


def _system(task: Task) -> str:
    if task.schema is None:
        return task.system
    asked = f"{_JSON}\n{json.dumps(task.schema, ensure_ascii=False)}"
    return f"{task.system}\n\n{asked}" if task.system else asked


def _read(text: str, schema: JsonObject) -> tuple[JsonValue, list[str]]:
    try:
        value = strict_json.parse(_unfenced(text))
    except ValueError as error:
        return None, [f"it is not JSON: {error}"]
    return value, problems_of(value, schema)


def _unfenced(text: str) -> str:
    """Take off the code fence that models like to put around JSON."""
    stripped = text.strip()
    if stripped.startswith("```") and stripped.endswith("```") and len(stripped) > len("``````"):
        return stripped[3:-3].removeprefix("json").strip()
    return stripped
