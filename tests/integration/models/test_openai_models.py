"""Models of an OpenAI-compatible server on loopback: what is sent, how answers and failures are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.peers.model_server import ModelServer
from tests.peers.web_server import Peer, running
from ventuno import errors
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.openai_models import OpenAiModels
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

KEY = "sk-canary-of-the-model"
TOOL = ToolSpec("read_company", "Read one company.", {"type": "object"})


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running(serves=ModelServer) as started:
        yield started


def asked(
    peer: Peer, prompt: str, *, seconds: float = 10, loopback: bool = True, key: str | None = KEY
) -> ModelReply:
    models = OpenAiModels(GuardedHttpClient(loopback_allowed=loopback))
    choice = ModelChoice(Provider.OPENAI, "a-model", f"{peer.url}/v1/", key)
    return models.reply(ModelRequest(choice, "Be brief.", (Said(prompt),), (TOOL,), seconds))


def raw(body: Any, status: int = 200, **headers: str) -> str:  # noqa: ANN401 - any JSON, or text as it is
    text = body if isinstance(body, str) else json.dumps(body)
    return "raw " + json.dumps({"body": text, "status": status, "headers": headers})


def test_a_question_is_asked_as_chat_completions_are_and_its_answer_read(peer: Peer) -> None:
    reply = asked(peer, "greet me")
    (sent,) = peer.seen

    assert reply == ModelReply(Answered("Hello"), Stop.DONE, Usage(100, 7))
    assert (sent.method, sent.path) == ("POST", "/v1/chat/completions")
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert json.loads(sent.body) == {
        "model": "a-model",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "greet me"}],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "read_company",
                    "description": "Read one company.",
                    "parameters": {"type": "object"},
                },
            }
        ],
    }


def test_a_server_without_keys_is_sent_none(peer: Peer) -> None:
    asked(peer, "greet me", key=None)

    assert "Authorization" not in peer.seen[0].headers


def test_calls_and_their_results_are_sent_back_as_they_came(peer: Peer) -> None:
    turns = (
        Said("greet"),
        Answered("", (ToolCall("c1", "read_company", {"id": "x"}, '{"id":"x"}'),)),
        Results((ToolResult("c1", "no such company", failed=True),)),
    )
    choice = ModelChoice(Provider.OPENAI, "m", f"{peer.url}/v1")
    OpenAiModels(GuardedHttpClient(loopback_allowed=True)).reply(ModelRequest(choice, "", turns, (), 10))
    told = json.loads(peer.seen[0].body)

    assert "tools" not in told
    assert told["messages"][1]["tool_calls"][0]["function"] == {
        "name": "read_company",
        "arguments": '{"id":"x"}',
    }
    assert told["messages"][2] == {"role": "tool", "tool_call_id": "c1", "content": "no such company"}


MESSAGE = {"role": "assistant", "content": "x"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"message": MESSAGE, "finish_reason": "length"}, (Answered("x"), Stop.CUT)),
        ({"message": MESSAGE, "finish_reason": "content_filter"}, (Answered("x"), Stop.REFUSED)),
        ({"message": {"content": None, "refusal": "no"}}, (Answered(""), Stop.REFUSED)),
        ({"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}},
         (Answered("ab"), Stop.DONE)),
        ({"message": {"tool_calls": [{"id": "1", "function": {"name": "t", "arguments": {"a": 1}}}]}},
         (Answered("", (ToolCall("1", "t", {"a": 1}, '{"a": 1}'),)), Stop.DONE)),
        ({"message": {"tool_calls": [{"id": "1", "function": {"name": "t", "arguments": ""}}]}},
         (Answered("", (ToolCall("1", "t", {}, ""),)), Stop.DONE)),
        ({"message": {"tool_calls": [{"id": "1", "function": {"name": "t", "arguments": "{a"}}]}},
         (Answered("", (ToolCall("1", "t", None, "{a"),)), Stop.DONE)),
    ],
)  # fmt: skip
def test_the_ways_of_servers_are_understood(peer: Peer, choice: Any, expected: Any) -> None:  # noqa: ANN401 - JSON
    reply = asked(peer, raw({"choices": [choice]}))

    assert (reply.turn, reply.stop) == expected
    assert reply.usage == Usage()


@pytest.mark.parametrize(
    "body",
    ["", "<html>", "[]", "{}", '{"choices": []}', '{"choices": [{}]}', '{"choices": [{"message": 5}]}',
     "[" * 500,
     '{"choices": [{"message": {"tool_calls": [{}]}}]}', '{"choices": [{"message": {"content": [5]}}]}'],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_a_failure_that_says_so(peer: Peer, body: str) -> None:
    with pytest.raises(errors.ModelError, match="server") as caught:
        asked(peer, raw(body))
    assert not isinstance(caught.value, errors.ModelBusyError)


@pytest.mark.parametrize(("status", "after"), [(429, "7"), (429, None), (500, None), (503, "x"), (529, "30")])
def test_a_busy_or_broken_server_may_be_asked_again(peer: Peer, status: int, after: str | None) -> None:
    headers = {"Retry_After": after} if after else {}
    with pytest.raises(errors.ModelBusyError, match=f"{status}: slow down") as caught:
        asked(peer, raw({"error": {"message": "slow down"}}, status, **headers))

    assert caught.value.retry_after_seconds == (float(after) if after and after.isdecimal() else None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 204, 301])
def test_a_refusal_is_final_and_tells_the_servers_reason(peer: Peer, status: int) -> None:
    headers = {"Location": f"{peer.url}/hello"} if status == 301 else {}
    with pytest.raises(errors.ModelError, match=str(status)) as caught:
        asked(peer, raw({"error": {"message": "wrong key"}} if status != 204 else "", status, **headers))

    assert not isinstance(caught.value, errors.ModelBusyError)
    assert len(peer.seen) == 1  # a redirect would take the key along


@pytest.mark.parametrize(("prompt", "kind"), [("silent", "time"), ("hang up", "reached")])
def test_a_server_that_does_not_answer_may_be_asked_again(peer: Peer, prompt: str, kind: str) -> None:
    with pytest.raises(errors.ModelBusyError, match="cannot be reached"):
        asked(peer, prompt, seconds=0.5)
    assert kind


def test_an_endless_answer_is_not_read_to_its_end(peer: Peer) -> None:
    with pytest.raises(errors.ModelError, match="cannot be used"):
        asked(peer, "huge")


def test_a_private_address_is_no_models_server(peer: Peer) -> None:
    with pytest.raises(errors.StepInputError):
        asked(peer, "greet", loopback=False)
    assert peer.seen == []
