"""HTTP_REQUEST on the real stack: a function calls a server, with a secret of Secrets Manager."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.peers.web_server import Peer, running
from ventuno.access.model import Role
from ventuno.runtime.access import create_key
from ventuno.runtime.secrets import delete_secret, rotate_secret, secret_views, store_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started


def ran(product: Product, given: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    slug = f"http-{uuid.uuid4().hex[:8]}"
    address = product.activated(slug, defined(step("ask", "HTTP_REQUEST", given=given)))
    return product.finished(product.post(address, payload)["workflowRunId"])


def test_a_request_with_a_secret_is_answered_and_the_secret_is_nowhere_else(
    product: Product, peer: Peer, stack: RunningStack
) -> None:
    name, canary = f"KEY_{uuid.uuid4().hex[:8]}", f"canary-{uuid.uuid4().hex}"
    store_secret(name, canary, product.services)
    given = {
        "url": f"{peer.url}/echo",
        "method": "POST",
        "headers": {"X-Key": f"{{{{secrets.{name}}}}}", "Content-Type": "application/json"},
        "body": {"who": "{{trigger.who}}", "key": f"{{{{secrets.{name}}}}}"},
    }
    view = ran(product, given, {"who": "Ada"})
    sent = peer.seen[0]

    assert view["status"] == "COMPLETED"
    assert (sent.headers["X-Key"], json.loads(sent.body)["key"]) == (canary, canary)
    assert sent.headers["Idempotency-Key"].startswith(view["id"])
    assert view["state"]["stepInfos"]["ask"]["result"] == {"who": "Ada", "key": "[redacted]"}
    assert view["stepLogs"]["ask"]["details"]["status"] == 200
    assert canary not in json.dumps(view)
    assert canary not in logs_of(stack)
    assert name in [secret["name"] for secret in secret_views(product.services)]
    rotate_secret(name, f"{canary}-2", product.services)
    delete_secret(name, product.services)
    assert name not in [secret["name"] for secret in secret_views(product.services)]


def logs_of(stack: RunningStack) -> str:
    group = f"/aws/lambda/ventuno-{stack.outputs.stage}-step-runner"
    events = stack.clients.logs.filter_log_events(logGroupName=group)["events"]
    return json.dumps([event["message"] for event in events])


def test_a_private_address_is_refused_by_the_deployed_function(product: Product) -> None:
    view = ran(product, {"url": "http://169.254.169.254/latest/meta-data/"}, {})

    assert view["status"] == "FAILED"
    assert "may not be called" in view["state"]["stepInfos"]["ask"]["error"]


def test_a_server_error_fails_the_run_with_status_and_body(product: Product, peer: Peer) -> None:
    view = ran(product, {"url": f"{peer.url}/redirect?status=500&to=/"}, {})

    assert view["state"]["stepInfos"]["ask"]["error"] == {"status": 500, "body": ""}
    assert view["status"] == "FAILED"


def test_a_single_request_is_tried_over_the_api_with_its_secret(product: Product, peer: Peer) -> None:
    name, canary = f"KEY_{uuid.uuid4().hex[:8]}", f"canary-{uuid.uuid4().hex}"
    store_secret(name, canary, product.services)
    _, token = create_key("trying", Role.EDITOR, product.services)
    given = {"url": f"{peer.url}/hello", "headers": {"X-Key": f"{{{{secrets.{name}}}}}"}}
    answer = product.http.post(
        f"{product.api_url}/steps/try",
        json={"step": step("ask", "HTTP_REQUEST", given=given)},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["result"] == {"hello": "world"}
    assert peer.seen[0].headers["X-Key"] == canary
    assert canary not in answer.text
