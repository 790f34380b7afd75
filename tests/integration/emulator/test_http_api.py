"""The HTTP API as webhooks use it: routes, methods, headers, bodies."""

import base64
from typing import Any

import httpx
import pytest

from tests.integration.emulator.aws import Clients

pytestmark = pytest.mark.emulator

REFLECT = """
import json
SHOWN = ("rawPath", "rawQueryString", "body", "isBase64Encoded", "routeKey", "pathParameters")
def handler(event, context):
    answer = {name: event.get(name) for name in SHOWN}
    answer["method"] = event["requestContext"]["http"]["method"]
    answer["header"] = event["headers"].get("x-custom")
    headers = {"x-answer": "yes", "content-type": "application/json"}
    return {"statusCode": 207, "headers": headers, "cookies": ["a=1", "b=2"], "body": json.dumps(answer)}
"""


@pytest.fixture(scope="module")
def api(clients: Clients) -> str:
    return clients.http_api(
        clients.function(REFLECT), "ANY /webhooks/{proxy+}", "POST /forms/{id}", "$default"
    )


@pytest.mark.parametrize("stage", ["/$default", "/%24default", ""])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_form_of_the_address_reaches_the_route(
    clients: Clients, api: str, stage: str, method: str
) -> None:
    url = f"{clients.endpoint}/_aws/execute-api/{api}{stage}/webhooks/a/b%20c?q=1&q=2&z="
    answer = httpx.request(method, url, headers={"X-Custom": "v"})

    found = answer.json()
    assert (answer.status_code, answer.headers["x-answer"]) == (207, "yes")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert (found["method"], found["routeKey"], found["header"]) == (method, "ANY /webhooks/{proxy+}", "v")
    assert found["rawQueryString"] == "q=1&q=2&z="
    assert found["pathParameters"]["proxy"] in ("a/b c", "a/b%20c")


def test_the_host_form_of_the_address_works(clients: Clients, api: str) -> None:
    port = clients.endpoint.rsplit(":", 1)[1]
    answer = httpx.post(
        f"{clients.endpoint}/forms/7", headers={"Host": f"{api}.execute-api.localhost:{port}"}
    )

    assert answer.json()["pathParameters"] == {"id": "7"}


@pytest.mark.parametrize(
    ("content_type", "body", "expected", "encoded"),
    [
        ("application/json; charset=utf-8", '{"a": "é"}'.encode(), '{"a": "é"}', False),
        ("text/plain", b"plain", "plain", False),
        ("application/x-www-form-urlencoded", b"a=1&b=2", base64.b64encode(b"a=1&b=2").decode(), True),
        ("application/octet-stream", bytes(range(256)), base64.b64encode(bytes(range(256))).decode(), True),
    ],
)
def test_a_body_arrives_as_aws_sends_it(
    clients: Clients, api: str, content_type: str, body: bytes, expected: str, *, encoded: bool
) -> None:
    url = f"{clients.endpoint}/_aws/execute-api/{api}/$default/webhooks/x"
    found: dict[str, Any] = httpx.post(url, content=body, headers={"content-type": content_type}).json()

    assert (found["body"], found["isBase64Encoded"]) == (expected, encoded)


BINARY = """
import base64
def handler(event, context):
    body = base64.b64encode(bytes(range(256))).decode()
    return {"statusCode": 200, "body": body, "isBase64Encoded": True}
"""


def test_an_answer_may_be_binary(clients: Clients) -> None:
    api = clients.http_api(clients.function(BINARY), "$default")

    assert httpx.get(f"{clients.endpoint}/_aws/execute-api/{api}/$default/").content == bytes(range(256))


def test_an_unknown_route_is_404(clients: Clients) -> None:
    api = clients.http_api(clients.function(REFLECT), "GET /only")

    answer = httpx.post(f"{clients.endpoint}/_aws/execute-api/{api}/$default/only")
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
