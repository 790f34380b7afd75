"""Models on Bedrock: what Converse is asked and answers, by botocore's Stubber, which checks both shapes."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from ventuno import errors
from ventuno.adapters.aws.bedrock import BedrockModels
from ventuno.agent.conversation import (
    Answered,
    ModelChoice,
    ModelReply,
    ModelRequest,
    Provider,
    Results,
    Said,
    Stop,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TURNS = (
    Said("Which company?"),
    Answered("", (ToolCall("t1", "read_company", {"id": "x"}, '{"id":"x"}'),)),
    Results((ToolResult("t1", "no such company", failed=True),)),
    Answered(""),
    Said(""),
)
REQUEST = ModelRequest(
    ModelChoice(Provider.BEDROCK, "a.model-v1:0"),
    "Be brief.",
    TURNS,
    (ToolSpec("read_company", "Read one company.", {"type": "object"}),),
    30,
)
SENT: dict[str, Any] = {
    "modelId": "a.model-v1:0",
    "system": [{"text": "Be brief."}],
    "messages": [
        {"role": "user", "content": [{"text": "Which company?"}]},
        {
            "role": "assistant",
            "content": [{"toolUse": {"toolUseId": "t1", "name": "read_company", "input": {"id": "x"}}}],
        },
        {
            "role": "user",
            "content": [
                {
                    "toolResult": {
                        "toolUseId": "t1",
                        "content": [{"text": "no such company"}],
                        "status": "error",
                    }
                }
            ],
        },
        {"role": "assistant", "content": [{"text": "…"}]},
        {"role": "user", "content": [{"text": "…"}]},
    ],
    "toolConfig": {
        "tools": [
            {
                "toolSpec": {
                    "name": "read_company",
                    "description": "Read one company.",
                    "inputSchema": {"json": {"type": "object"}},
                }
            }
        ]
    },
}


def answer(*content: dict[str, Any], stop: str = "end_turn") -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": stop,
        "usage": {"inputTokens": 12, "outputTokens": 3, "totalTokens": 15},
        "metrics": {"latencyMs": 5},
    }


@pytest.fixture
def bedrock() -> Iterator[tuple[BedrockModels, Stubber]]:
    client = boto3.client(
        "bedrock-runtime",
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - no secret
    )
    with Stubber(client) as stub:
        yield BedrockModels(lambda: client), stub


def test_a_conversation_is_sent_as_converse_takes_it(bedrock: tuple[BedrockModels, Stubber]) -> None:
    models, stub = bedrock
    stub.add_response("converse", answer({"text": "Acme"}), SENT)

    assert models.reply(REQUEST) == ModelReply(Answered("Acme"), Stop.DONE, Usage(12, 3))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            answer(
                {"text": "Let me see. "},
                {"toolUse": {"toolUseId": "t", "name": "n", "input": {"a": 1}}},
                stop="tool_use",
            ),
            (Answered("Let me see. ", (ToolCall("t", "n", {"a": 1}, '{"a": 1}'),)), Stop.DONE),
        ),
        (
            answer({"toolUse": {"toolUseId": "t", "name": "n", "input": [1]}}),
            (Answered("", (ToolCall("t", "n", None, "[1]"),)), Stop.DONE),
        ),
        (answer({"text": "half"}, stop="max_tokens"), (Answered("half"), Stop.CUT)),
        (answer(stop="content_filtered"), (Answered(""), Stop.REFUSED)),
        (answer({"text": "no"}, stop="guardrail_intervened"), (Answered("no"), Stop.REFUSED)),
    ],
)
def test_an_answer_is_read(bedrock: tuple[BedrockModels, Stubber], given: Any, expected: Any) -> None:  # noqa: ANN401 - boto3's
    models, stub = bedrock
    stub.add_response("converse", given)
    reply = models.reply(REQUEST)

    assert (reply.turn, reply.stop) == expected


@pytest.mark.parametrize(
    ("code", "busy"),
    [
        ("ThrottlingException", True),
        ("ServiceUnavailableException", True),
        ("ModelTimeoutException", True),
        ("ModelNotReadyException", True),
        ("InternalServerException", True),
        ("ValidationException", False),
        ("AccessDeniedException", False),
        ("ResourceNotFoundException", False),
        ("ModelErrorException", False),
    ],
)
def test_a_refusal_tells_whether_asking_again_may_help(
    bedrock: tuple[BedrockModels, Stubber],
    code: str,
    busy: bool,  # noqa: FBT001 - a table
) -> None:
    models, stub = bedrock
    stub.add_client_error("converse", code, "because")
    with pytest.raises(errors.ModelError, match=f"{code}: because") as caught:
        models.reply(REQUEST)

    assert isinstance(caught.value, errors.ModelBusyError) is busy


def test_a_service_that_cannot_be_reached_may_be_asked_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = boto3.client(
        "bedrock-runtime",
        region_name="eu-west-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - no secret
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(errors.ModelBusyError, match="cannot be reached"):
        BedrockModels(lambda: client).reply(REQUEST)
