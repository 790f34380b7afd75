"""`ventuno try`: one step, with chosen results of the steps before it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.builders import create, step, written
from tests.fakes.http import answer

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine, Ended

ASK = step(
    "ask",
    "HTTP_REQUEST",
    given={
        "url": "https://a.example/{{make.id}}",
        "method": "POST",
        "headers": {"Authorization": "Bearer {{secrets.KEY}}"},
        "body": {"n": "{{trigger.n}}"},
    },
)


def tried(ventuno: CommandLine, step_id: str, values: Any, *options: str) -> Ended:  # noqa: ANN401 - any JSON
    text = values if isinstance(values, str) else json.dumps(values)
    file = ventuno.file("flow.json", written(create("make", "ask"), ASK, first="make"))
    return ventuno("try", file, step_id, "--values", text, *options)


def test_a_request_is_sent_with_the_values_given_and_its_answer_shown(ventuno: CommandLine) -> None:
    ventuno.world.secrets.create("KEY", "sesame-open-up")
    ventuno.world.http.answers = [answer({"id": 7, "echo": "sesame-open-up"})] * 2
    values = {"trigger": {"n": 5}, "make": {"id": "x1"}}
    ended = tried(ventuno, "ask", values, "--json")
    shown = tried(ventuno, "ask", values)
    sent = ventuno.world.http.sent[0]

    assert (ended.code, sent.url, sent.body) == (0, "https://a.example/x1", b'{"n":5}')
    assert ended.value["result"] == {"id": 7, "echo": "[redacted]"}
    assert ended.value["outputSchema"]["id"]["type"] == "NUMBER"
    assert "sesame" not in ended.out + shown.out
    assert '"status"' not in shown.out
    assert "status          200" in shown.out


def test_a_failure_is_shown_and_ends_with_a_code(ventuno: CommandLine) -> None:
    ventuno.world.secrets.create("KEY", "sesame-open-up")
    ventuno.world.http.answers = [answer({"why": "no"}, 422)]
    ended = tried(ventuno, "ask", {}, "--json")

    assert ended.code == 1
    assert (ended.value["success"], ended.value["error"]) == (False, {"status": 422, "body": {"why": "no"}})


def test_what_cannot_be_tried_says_so(ventuno: CommandLine) -> None:
    writing = tried(ventuno, "make", {})
    unknown = tried(ventuno, "nobody", {})
    broken = tried(ventuno, "ask", "{")
    invalid = ventuno(
        "try", ventuno.file("bad.json", written(step("a", "CODE", given={"code": 5}))), "a", "--json"
    )
    listed = tried(ventuno, "ask", "[]")

    assert "CODE, HTTP_REQUEST, LOGIC_FUNCTION can" in writing.err
    assert "it has make, ask" in unknown.err
    assert "not JSON" in broken.err
    assert "must be an object" in listed.err
    assert (writing.code, unknown.code, broken.code, listed.code) == (1, 2, 2, 2)
    assert invalid.value["success"] is False
    assert ventuno.world.companies() == []
