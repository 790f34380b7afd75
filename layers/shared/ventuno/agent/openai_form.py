"""Chat completions as OpenAI-compatible servers take and give them.

Only what all of them know is sent, so that none refuses a request for a word of another's.
Source: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors, strict_json
from ventuno.agent.conversation import Answered, ModelReply, Results, Said, Stop, ToolCall, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.agent.conversation import ModelRequest, Turn
    from ventuno.json_value import JsonObject, JsonValue

_STOPS: Final = {"length": Stop.CUT, "content_filter": Stop.REFUSED}


def chat_request(request: ModelRequest) -> JsonObject:
    """Write a request."""
    system: list[JsonValue] = [{"role": "system", "content": request.system}] if request.system else []
    messages: list[JsonValue] = [*system, *(message for turn in request.turns for message in _messages(turn))]
    tools: list[JsonValue] = [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
        }
        for tool in request.tools
    ]
    chat: JsonObject = {"model": request.model.id, "messages": messages}
    return chat | ({"tools": tools} if tools else {})


def _messages(turn: Turn) -> Iterator[JsonObject]:
    match turn:
        case Said(text):
            yield {"role": "user", "content": text}
        case Answered(text, calls):
            told: list[JsonValue] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.text}}
                for call in calls
            ]
            spoken: JsonObject = {"role": "assistant", "content": text or None}
            yield spoken | ({"tool_calls": told} if told else {})
        case Results(results):
            for result in results:
                yield {"role": "tool", "tool_call_id": result.call_id, "content": result.text}


def chat_reply(answer: Any) -> ModelReply:  # noqa: ANN401 - whatever a server sends
    """Read an answer. Raises: ModelError for one that cannot be read"""
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        calls = tuple(_call(call) for call in message.get("tool_calls") or ())
        refused = message.get("refusal")
        stop = Stop.REFUSED if refused else _STOPS.get(str(choice.get("finish_reason")), Stop.DONE)
        return ModelReply(Answered(_text(message.get("content")), calls), stop, _usage(answer.get("usage")))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise errors.ModelError(
            "the server did not answer as OpenAI-compatible servers do; check the model's url"
        ) from error


def _text(content: Any) -> str:  # noqa: ANN401 - text, a list of parts, or nothing
    if isinstance(content, list):
        return "".join(str(part["text"]) for part in content if part.get("type") == "text")
    return content if isinstance(content, str) else ""


def _call(call: Any) -> ToolCall:  # noqa: ANN401 - a server's JSON
    function = call["function"]
    given = function.get("arguments")
    text = given if isinstance(given, str) else json.dumps(given)  # some servers send the object itself
    return ToolCall(str(call["id"]), str(function["name"]), arguments_of(text), text)


def arguments_of(text: str) -> JsonObject | None:
    """Read the arguments of a call; None for what is no object. No text at all is no argument."""
    try:
        value = strict_json.parse(text or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _usage(usage: Any) -> Usage:  # noqa: ANN401 - a server's JSON, and some send none
    given = usage if isinstance(usage, dict) else {}
    counts = (given.get(name) for name in ("prompt_tokens", "completion_tokens"))
    return Usage(*(count if type(count) is int and count > 0 else 0 for count in counts))
