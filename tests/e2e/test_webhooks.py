"""Webhooks over real HTTP: signatures, methods, types, sizes, and the answer with a result."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.access.signature import SignedMessage, sign
from ventuno.definition.loading import definition_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e

SECRET, OLD = b"k" * 24, b"o" * 24
BODY = b'{"text": "hello"}'


def activated(product: Product, slug: str, **settings: Any) -> str:  # noqa: ANN401 - author JSON
    note: JsonObject = {"objectName": "note", "objectRecord": {"title": "{{trigger.text}}"}}
    trigger: JsonObject = {"type": "WEBHOOK", "settings": settings, "nextStepIds": ["note"]}
    step: JsonObject = {"id": "note", "name": "Note", "type": "CREATE_RECORD", "settings": {"input": note}}
    return product.activated(slug, definition_from({"name": slug, "trigger": trigger, "steps": [step]}))


@pytest.fixture(scope="module")
def signed(product: Product, stack: RunningStack) -> Iterator[str]:
    """The address of a webhook that wants signatures; two secrets are valid at the moment."""
    name = f"ventuno/{stack.outputs.stage}/secrets/E2E_PARTNER"
    words = " ".join(f"whsec_{base64.b64encode(secret).decode()}" for secret in (SECRET, OLD))
    stack.clients.secrets.create_secret(Name=name, SecretString=words)
    yield activated(product, "signed", authentication="SIGNATURE", signingSecret="E2E_PARTNER")
    stack.clients.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def headers(name: str, *, by: bytes = SECRET, age: float = 0) -> dict[str, str]:
    # The function goes by the clock of this machine.
    sent_at = str(int(time.time() - age))  # noqa: TID251 - see above
    signature = sign(SignedMessage(name, sent_at, "", BODY), by)
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": sent_at,
        "webhook-signature": signature,
    }


def test_signatures_let_pass_what_they_should_and_a_replay_is_the_same_run(
    product: Product, signed: str
) -> None:
    sent = headers("msg_1")
    first, again = (product.http.post(signed, content=BODY, headers=sent) for _ in range(2))
    rotated = product.http.post(signed, content=BODY, headers=headers("msg_2", by=OLD))

    assert (first.status_code, again.status_code, rotated.status_code) == (201, 201, 201)
    assert first.json() == again.json()
    assert rotated.json()["workflowRunId"] != first.json()["workflowRunId"]
    assert product.finished(first.json()["workflowRunId"])["status"] == "COMPLETED"


def test_what_is_not_signed_right_is_401(product: Product, signed: str) -> None:
    refused = [
        product.http.post(signed, content=BODY),
        product.http.post(signed, content=b'{"text": "other"}', headers=headers("msg_3")),
        product.http.post(signed, content=BODY, headers=headers("msg_4", by=b"x" * 24)),
        product.http.post(signed, content=BODY, headers=headers("msg_5", age=400)),
        product.http.post(signed, content=BODY, headers=headers("msg_6") | {"webhook-id": "msg_7"}),
    ]

    assert [answer.status_code for answer in refused] == [401] * 5
    assert {answer.json()["code"] for answer in refused} == {"UNAUTHORIZED"}


def test_a_result_is_the_answer(product: Product) -> None:
    address = activated(product, "asked", respond={"mode": "RESULT", "from": "note"})
    answer = product.http.post(address, json={"text": "what is it"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["title"] == "what is it"
    assert answer.json()["createdBy"]["source"] == "WORKFLOW"


def test_other_methods_types_and_sizes_are_refused_and_the_rest_is_taken(product: Product) -> None:
    address = activated(product, "plain")

    def post(content: bytes, media_type: str) -> httpx.Response:
        return product.http.post(address, content=content, headers={"content-type": media_type})

    assert [product.http.request(method, address).status_code for method in ("GET", "PUT", "DELETE")] == [
        405
    ] * 3
    assert post(b"<a/>", "application/xml").status_code == 415
    assert post(b"{not json", "application/json").status_code == 400
    assert post(b"[" * 200 + b"]" * 200, "application/json").status_code == 400
    assert post(b" " * (6 * 1024 * 1024 + 1), "application/json").status_code == 413
    assert post(b"text=a%20b", "application/x-www-form-urlencoded; charset=utf-8").status_code == 201
    assert post(b"hello", "text/plain").status_code == 201


def test_a_get_takes_its_query_with_lists(product: Product) -> None:
    address = activated(product, "asked-by-get", httpMethod="GET")
    answer = product.http.get(f"{address}?text=a%20b&tag=1&tag=2")
    view = product.finished(answer.json()["workflowRunId"])

    assert answer.status_code == 200
    assert view["state"]["stepInfos"]["trigger"]["result"] == {"text": "a b", "tag": ["1", "2"]}
    assert view["state"]["stepInfos"]["note"]["result"]["title"] == "a b"
