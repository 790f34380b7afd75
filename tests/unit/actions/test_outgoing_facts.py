"""Facts of the reference about HTTP requests, their logs and e-mails, and about what validation asks for.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, step, written
from tests.facts import FACTS
from tests.fakes.http import answer
from tests.fakes.mail import SALES
from tests.fakes.world import World
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.outgoing.exchange import HttpResponse
from ventuno.runs.claim_check import check_out
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from tests.facts import Proofs

MEMBER = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
FILE = "0f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
REDACTED = "[redacted]"


TAG = {"type": "variableTag", "attrs": {"variable": "{{trigger.name}}"}}
PAYLOAD: Json = {
    "id": "42",
    "name": "Ada",
    "email": "ada@x.com",
    "files": [{"fileId": FILE, "label": "offer", "extension": ".pdf"}],
}


def run_of(world: World, kind: str, given: Json) -> Json:
    """Run a workflow of one step; return its status, result, error and log."""
    run = world.begin(step("a", kind, given=given), payload=PAYLOAD)
    with suppress(errors.StepFailedError):
        world.call(run)
    stored = world.states(run.id)["a"]
    result = check_out(stored.result, world.payloads) if stored.result else None
    log = check_out(stored.log, world.payloads) if stored.log else None
    return {"status": stored.status.value, "result": result, "error": stored.error, "log": log}


def sent(given: Json) -> Any:  # noqa: ANN401 - a request
    """Run an HTTP_REQUEST and return what was sent."""
    world = World()
    run_of(world, "HTTP_REQUEST", {"url": "https://a.example", **given})
    return world.http.sent[-1]


def body_of(body: Any, content_type: str) -> bytes:  # noqa: ANN401 - any JSON
    given = {"method": "POST", "headers": {"content-type": content_type}, "body": body}
    return bytes(sent(given).body)


def answered(*answers: Any) -> Json:  # noqa: ANN401 - answers or errors
    world = World()
    world.http.answers.extend(answers)
    return run_of(world, "HTTP_REQUEST", {"url": "https://a.example", "headers": {"Authorization": "abc"}})


def log_of(*answers: Any) -> Json:  # noqa: ANN401 - answers or errors
    details: Json = answered(*answers)["log"]["details"]
    return details


def headers_are_redacted() -> bool:
    told = log_of(HttpResponse(200, "", (("Set-Cookie", "abc"),), b"{}", "", 0.1))
    return (told["requestHeaders"]["Authorization"], told["responseHeaders"]["Set-Cookie"]) == (REDACTED,) * 2


def a_broken_connection_has_no_response() -> bool:
    told = log_of(errors.HttpTransportError("nobody there"))
    return told["method"] == "GET" and not told.keys() & {"status", "responseHeaders"}


def a_broken_connection_fails() -> bool:
    broken = answered(errors.HttpTransportError("nobody there"))
    return (broken["status"], broken["error"]) == ("FAILED", "nobody there")


def a_status_of_404_fails() -> bool:
    """Decisions: "Status >= 400 fails the step, with {status, body} as the error"."""
    missing = answered(answer({"why": "no"}, 404))
    told = {"status": 404, "body": {"why": "no"}}
    return (missing["status"], missing["result"], missing["error"]) == ("FAILED", None, told)


def mailed(**given: Any) -> tuple[Json, Any]:  # noqa: ANN401 - any JSON; a message
    """Run a SEND_EMAIL from the account of SALES; return what is stored of it and the message, if any."""
    world = World()
    world.mailbox.add_account(SALES)
    world.payloads.put(f"files/{FILE}", b"%PDF")
    stored = run_of(
        world, "SEND_EMAIL", {"recipients": {"to": "b@example.com"}, "subject": "Hi", "body": "Hello"} | given
    )
    return stored, next(iter(world.mail.messages), None)


def html(*nodes: Json) -> str:
    document = {"type": "doc", "content": [{"type": "paragraph", "content": list(nodes)}]}
    return str(mailed(body=json.dumps(document))[0]["result"]["sanitizedHtmlBody"])


def text(body: str | None) -> str:
    return str(mailed(body=body)[0]["result"]["plainTextBody"])


def attached(*files: Any) -> list[str]:  # noqa: ANN401 - any JSON
    return [str(part.get_filename()) for part in mailed(files=list(files))[1].iter_attachments()]


def nobody_without_an_account() -> bool:
    stored, message = mailed(connectedAccountId=MEMBER)
    wanted = f"No connected account found for workspace member '{MEMBER}'"
    return message is None and str(stored["error"]).startswith(wanted)


def without_a_file() -> bool:
    """A variable that finds nothing is passed over; decisions are silent on an entry that names no file."""
    return attached("{{trigger.nothing}}", None, "") == []


def findings(kind: str, given: Json) -> list[str]:
    found = findings_of(definition_from(written(step("a", kind, given=given))))
    return [one.message for one in found]


def schemas_are_known_without_being_given() -> bool:
    """Decisions: "outputSchema ... may be left out", because validation knows what can be known."""
    code = {"code": "export const main = async () => 1"}
    return (
        findings("CODE", code)
        == findings("HTTP_REQUEST", {"url": "https://a.example"})
        == findings("LOGIC_FUNCTION", {"logicFunctionId": FILE})
        == []
    )


PROOFS: Proofs = {
    'url https://api.example.com/users/{{trigger.id}} with trigger.id="42"': lambda: (
        sent({"url": "https://api.example.com/users/{{trigger.id}}"}).url
        == "https://api.example.com/users/42"
    ),
    "body string, application/json": lambda: body_of('{"a":  1}', "application/json") == b'{"a":  1}',
    "body object, text/plain": lambda: body_of({"a": 1, "b": "x"}, "text/plain") == b"a=1\nb=x",
    "unknown content-type application/xml with object body": lambda: (
        body_of({"a": 1}, "application/xml") == b'{"a":1}'
    ),
    "GET or DELETE with a body": lambda: (
        [sent({"method": method, "body": {"a": 1}}).body for method in ("GET", "DELETE")] == [None, None]
    ),
    "response 404 with JSON body (v2.21)": a_status_of_404_fails,
    "connection error without response": a_broken_connection_fails,
    "Authorization header / set-cookie": headers_are_redacted,
    "transport error": a_broken_connection_has_no_response,
    "body is a TipTap doc JSON": lambda: html({"type": "text", "text": "a & b"}) == "<p>a &amp; b</p>",
    "variableTag inside doc": lambda: (
        html(
            {"type": "text", "text": "Dear "},
            {"type": "variableTag", "attrs": {"variable": "{{trigger.name}}"}},
        )
        == "<p>Dear Ada</p>"
    ),
    'plain body "{{trigger.name}}\\n{{trigger.email}}"': lambda: (
        text("{{trigger.name}}\n{{trigger.email}}") == "Ada\nada@x.com"
    ),
    "body is JSON but not a doc": lambda: text('{"type": "dog"}') == '{"type": "dog"}',
    "body empty or undefined": lambda: [text(""), text(None), text("{{trigger.nothing}}")] == ["", "", ""],
    "member has no connected account": nobody_without_an_account,
    'files contain "{{step.first.files}}" resolving to [{fileId,label,extension}]': lambda: (
        attached("{{trigger.files}}") == ["offer.pdf"]
    ),
    "files entry without id or unresolved variable": without_a_file,
    "AI_AGENT step without agentId": lambda: (
        "the agent has no model" in "\n".join(findings("AI_AGENT", {"prompt": "x"}))
    ),
    "CODE or HTTP_REQUEST or LOGIC_FUNCTION step without any output schema": (
        schemas_are_known_without_being_given
    ),
}


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
