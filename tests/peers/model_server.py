"""A server on loopback that speaks OpenAI's chat completions, and says what a test has written for it."""

from __future__ import annotations

import json
from typing import Any

from tests.peers.web_server import Handler


class ModelServer(Handler):
    """Answers by the conversation so far, as a model does: `asked` is the body of the request.

    The prompt's first word says which part it plays, so that one server can serve many tests at once.
    """

    def on_v1(self) -> None:
        asked = json.loads(self.peer.seen[-1].body)
        prompt = next(one["content"] for one in asked["messages"] if one["role"] == "user")
        getattr(self, f"play_{prompt.split()[0]}")(asked)

    def reply(self, message: dict[str, Any], finish: str = "stop") -> None:
        usage = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}
        choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": usage}
        self.say(json.dumps(body).encode(), Content_Type="application/json")

    def call(self, name: str, arguments: str) -> None:
        function = {"name": name, "arguments": arguments}
        calls = [{"id": "call_1", "type": "function", "function": function}]
        self.reply({"content": None, "tool_calls": calls}, "tool_calls")

    def play_greet(self, asked: dict[str, Any]) -> None:
        del asked
        self.reply({"content": "Hello"})

    def play_book(self, asked: dict[str, Any]) -> None:
        """Look for a company, make it if there is none, then answer with its id."""
        told = [one["content"] for one in asked["messages"] if one["role"] == "tool"]
        name = asked["messages"][1]["content"].split()[1]
        if not told:
            self.call("search_company", json.dumps({"words": name}))
        elif len(told) == 1:
            self.call("create_company", json.dumps({"name": name}))
        else:
            made = json.loads(told[1])
            self.reply({"content": f"```json\n{json.dumps({'companyId': made['id']})}\n```"})

    def play_leak(self, asked: dict[str, Any]) -> None:
        """Answer with the key that came."""
        del asked
        self.reply({"content": f"your key is {self.headers['authorization']}"})

    def play_raw(self, asked: dict[str, Any]) -> None:
        """Send what stands behind the word, as it is: a status, a header if any, and a body."""
        prompt = asked["messages"][-1]["content"]
        given = json.loads(prompt.partition(" ")[2])
        self.say(given["body"].encode(), given.get("status", 200), **given.get("headers", {}))

    def play_silent(self, asked: dict[str, Any]) -> None:
        del asked
        self.on_silent()

    def play_hang(self, asked: dict[str, Any]) -> None:
        del asked
        self.on_hang_up()

    def play_huge(self, asked: dict[str, Any]) -> None:
        del asked
        self.on_huge()
