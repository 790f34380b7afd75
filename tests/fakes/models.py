"""FakeModels: a model that answers in order, and remembers what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ventuno.agent.conversation import Answered, ModelReply, Stop, ToolCall, Usage
from ventuno.agent.openai_form import arguments_of

if TYPE_CHECKING:
    from ventuno.agent.conversation import ModelRequest


def says(text: str, stop: Stop = Stop.DONE, tokens: tuple[int, int] = (10, 5)) -> ModelReply:
    """Answer with text."""
    return ModelReply(Answered(text), stop, Usage(*tokens))


def calls(*asked: tuple[str, str], tokens: tuple[int, int] = (10, 5)) -> ModelReply:
    """Ask for calls of tools, each a name and its arguments as text."""
    made = tuple(ToolCall(f"c{n}", name, arguments_of(text), text) for n, (name, text) in enumerate(asked))
    return ModelReply(Answered("", made), Stop.DONE, Usage(*tokens))


@dataclass
class FakeModels:
    """With no reply left it says "done"; an exception is raised."""

    replies: list[ModelReply | BaseException] = field(default_factory=list)
    asked: list[ModelRequest] = field(default_factory=list)

    def reply(self, request: ModelRequest) -> ModelReply:
        self.asked.append(request)
        given: Any = self.replies.pop(0) if self.replies else says("done")
        if isinstance(given, BaseException):
            raise given
        return given  # type: ignore[no-any-return]
