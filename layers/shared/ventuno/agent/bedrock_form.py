"""Conversations as Amazon Bedrock's Converse takes and gives them.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.agent.conversation import Answered, ModelReply, Results, Said, Stop, ToolCall, Usage

if TYPE_CHECKING:
    from ventuno.agent.conversation import ModelRequest, Turn

_STOPS: Final = {
    "max_tokens": Stop.CUT,
    "model_context_window_exceeded": Stop.CUT,
    "content_filtered": Stop.REFUSED,
    "guardrail_intervened": Stop.REFUSED,
}
_SILENCE: Final = "…"  # Bedrock refuses a turn without text


def converse_request(request: ModelRequest) -> dict[str, Any]:
    """Write the parameters of a call."""
    parameters: dict[str, Any] = {
        "modelId": request.model.id,
        "messages": [_message(turn) for turn in request.turns],
    }
    if request.system:
        parameters["system"] = [{"text": request.system}]
    if request.tools:
        specs = [
            {"name": tool.name, "description": tool.description, "inputSchema": {"json": tool.schema}}
            for tool in request.tools
        ]
        parameters["toolConfig"] = {"tools": [{"toolSpec": spec} for spec in specs]}
    return parameters


def _message(turn: Turn) -> dict[str, Any]:
    match turn:
        case Said(text):
            return {"role": "user", "content": [{"text": text or _SILENCE}]}
        case Answered(text, calls):
            uses = [
                {"toolUse": {"toolUseId": call.id, "name": call.name, "input": call.arguments or {}}}
                for call in calls
            ]
            spoken = [{"text": text}] if text.strip() else []
            return {"role": "assistant", "content": [*spoken, *uses] or [{"text": _SILENCE}]}
        case Results(results):
            told = [
                {
                    "toolUseId": result.call_id,
                    "content": [{"text": result.text or _SILENCE}],
                    "status": "error" if result.failed else "success",
                }
                for result in results
            ]
            return {"role": "user", "content": [{"toolResult": result} for result in told]}


def converse_reply(answer: Any) -> ModelReply:  # noqa: ANN401 - boto3's dictionary
    """Read an answer. Raises: ModelError for one that cannot be read"""
    try:
        content = answer["output"]["message"]["content"]
        text = "".join(part["text"] for part in content if "text" in part)
        calls = tuple(_call(part["toolUse"]) for part in content if "toolUse" in part)
        usage = Usage(int(answer["usage"]["inputTokens"]), int(answer["usage"]["outputTokens"]))
        stop = _STOPS.get(str(answer.get("stopReason")), Stop.DONE)
    except (KeyError, TypeError, ValueError) as error:
        raise errors.ModelError("Bedrock's answer cannot be read") from error
    return ModelReply(Answered(text, calls), stop, usage)


def _call(use: Any) -> ToolCall:  # noqa: ANN401 - boto3's dictionary
    given = use.get("input")
    arguments = given if isinstance(given, dict) else None
    return ToolCall(str(use["toolUseId"]), str(use["name"]), arguments, json.dumps(given, default=str))
