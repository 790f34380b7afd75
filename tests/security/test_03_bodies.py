"""Security 3: content-type confusion, duplicate keys, depth bombs and size bombs are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from tests.builders import create, written
from tests.functional.rest.conftest import Api, api
from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import check_out
from ventuno.runtime.webhook import WebhookCall, accept_webhook

if TYPE_CHECKING:
    from tests.fakes.world import World

__all__ = ["api"]
JSON: Final = "application/json"
REFUSED: Final[dict[str, tuple[bytes, int]]] = {
    "a key twice": (b'{"name": "a", "name": "b"}', 400),
    "a key twice, written in two ways": (b'{"name": "a", "n\\u0061me": "b"}', 400),
    "a key twice, deep inside": (b'{"a": [{"b": {"c": 1, "c": 2}}]}', 400),
    "depth of lists": (b"[" * 100_000 + b"]" * 100_000, 400),
    "depth of objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    "depth that never closes": (b"[" * 1_000_000, 400),
    "no number": (b'{"a": NaN}', 400),
    "an endless number": (b'{"a": Infinity}', 400),
    "a number with a million digits": (b'{"a": ' + b"9" * 1_000_000 + b"}", 400),
    "a number beyond any double": (b'{"a": 1e999}', 400),
    "half of a pair": (b'{"a": "\\ud800"}', 400),
    "two documents": (b"{}{}", 400),
    "a mark in front": (b"\xef\xbb\xbf{}", 400),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), 400),
    "bytes that are no text": (b'{"a": "\xff\xfe"}', 400),
    "a comment": (b'{"a": 1 /* b */}', 400),
    "single quotes": (b"{'a': 1}", 400),
    "size": (b'{"a": "' + b"x" * 6 * 1024 * 1024 + b'"}', 413),
}
TYPES: Final = (
    *("text/html", "application/xml", "multipart/form-data; boundary=x", "image/svg+xml", "x", "/", ";"),
    *("application/json-seq", "application/jsonx", "text/json, application/json", "application/json\x00"),
)


def hooked(world: World, body: bytes, kind: str = JSON) -> int:
    path = f"/webhooks/workflows/default/{world.workflow().id}"
    call = WebhookCall("POST", path, {"content-type": kind}, {}, body)
    try:
        return accept_webhook(call, world.services).status
    except errors.ApiError as error:
        return error.status if error.messages else 0


def nothing_started(world: World) -> bool:
    return not any(world.runs.by_status(status, 1, None).runs for status in RunStatus)


@pytest.mark.parametrize("bad", REFUSED)
def test_a_webhook_refuses_it_and_starts_nothing(world: World, bad: str) -> None:
    body, status = REFUSED[bad]
    world.publish(written(create()))

    assert hooked(world, body) == status
    assert nothing_started(world)


@pytest.mark.parametrize(
    "address", ["/rest/companies", "/rest/batch/companies", "/workflows", "/runs/x/retry"]
)
@pytest.mark.parametrize("bad", REFUSED)
def test_the_api_refuses_it_and_writes_nothing(api: Api, bad: str, address: str) -> None:
    body, status = REFUSED[bad]
    sent = {"authorization": f"Bearer {api.tokens['admin']}", "content-type": JSON}
    answer = api.answer("POST", address, body, sent)

    assert answer["statusCode"] == status
    assert json.loads(answer["body"])["messages"]
    assert api.world.companies() == []


@pytest.mark.parametrize("kind", TYPES)
def test_what_says_to_be_something_else_is_not_read_as_json(world: World, kind: str) -> None:
    world.publish(written(create()))

    assert hooked(world, b'{"name": "a"}', kind) in (400, 415)
    assert nothing_started(world)


def test_what_says_to_be_text_stays_text_whatever_it_looks_like(world: World) -> None:
    world.publish(written(create()))

    assert hooked(world, b'{"name": "a"}', "text/plain") == 201
    (run,) = world.runs.by_workflow(world.workflow().id, 9, None).runs
    payload = world.runs.load(run.id, []).run.payload
    assert check_out(payload, world.payloads) == {"text": '{"name": "a"}'}
