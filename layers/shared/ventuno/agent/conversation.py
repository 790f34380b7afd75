"""What is said to a model and what it answers, as the port `Models` has it, whoever the provider is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


class Provider(StrEnum):
    """Who runs a model. BEDROCK: Amazon Bedrock. OPENAI: any server that speaks OpenAI's chat completions."""

    BEDROCK = "BEDROCK"
    OPENAI = "OPENAI"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model; `url` and `key` are those of an OpenAI-compatible server, the key may be missing."""

    provider: Provider
    id: str
    url: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told of it; `schema` is the JSON schema of its arguments."""

    name: str
    description: str
    schema: JsonObject


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for; `arguments` is None where the `text` it wrote is no JSON object."""

    id: str
    name: str
    arguments: JsonObject | None
    text: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a call came to."""

    call_id: str
    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn of the model's."""

    text: str
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The results of the calls of the turn before."""

    results: tuple[ToolResult, ...]


Turn: TypeAlias = Said | Answered | Results


class Stop(StrEnum):
    """Why a model stopped. CUT: its answer is longer than it may be. REFUSED: it, or a filter, says no."""

    DONE = "DONE"
    CUT = "CUT"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens."""

    input: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.input + other.input, self.output + other.output)

    @property
    def total(self) -> int:
        """All tokens."""
        return self.input + self.output

    def to_value(self) -> dict[str, int]:
        """Return it as it is stored and shown."""
        return {"inputTokens": self.input, "outputTokens": self.output}


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model, with all that was said before; `timeout_seconds` is for the whole answer."""

    model: ModelChoice
    system: str
    turns: tuple[Turn, ...]
    tools: tuple[ToolSpec, ...]
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model answers: text, calls of tools, or both."""

    turn: Answered
    stop: Stop
    usage: Usage

    def to_value(self) -> JsonObject:
        """Write it for the memory of a step."""
        calls: Any = [[call.id, call.name, call.arguments, call.text] for call in self.turn.calls]
        tokens: Any = [self.usage.input, self.usage.output]
        return {"text": self.turn.text, "calls": calls, "stop": self.stop.value, "tokens": tokens}

    @classmethod
    def from_value(cls, value: Any) -> ModelReply:  # noqa: ANN401 - what `to_value` wrote
        """Read it back."""
        calls = tuple(ToolCall(*call) for call in value["calls"])
        return cls(Answered(value["text"], calls), Stop(value["stop"]), Usage(*value["tokens"]))
