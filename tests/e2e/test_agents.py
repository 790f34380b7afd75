"""AI_AGENT on the running stack: a function talks to a model's server and works on records with its tools."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.peers.model_server import ModelServer
from tests.peers.web_server import Peer, running
from ventuno.runtime.secrets import store_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running(serves=ModelServer) as started:
        yield started


def test_an_agent_makes_a_record_and_answers_with_its_id(product: Product, peer: Peer) -> None:
    name, company, canary = (f"{word}{uuid.uuid4().hex[:8]}" for word in ("KEY_", "Acme", "canary-"))
    store_secret(name, canary, product.services)
    schema = {"type": "object", "properties": {"companyId": {"type": "string"}}, "required": ["companyId"]}
    given = {
        "model": {"provider": "OPENAI", "url": f"{peer.url}/v1", "id": "m", "secret": name},
        "prompt": "book {{trigger.company}}",
        "tools": [{"tool": verb, "objectName": "company"} for verb in ("SEARCH", "CREATE")],
        "responseFormat": {"type": "json", "schema": schema},
    }
    slug = f"agent-{uuid.uuid4().hex[:8]}"
    address = product.activated(slug, defined(step("ask", "AI_AGENT", given=given)))
    view: Any = product.finished(product.post(address, {"company": company})["workflowRunId"])
    answer = view["state"]["stepInfos"]["ask"]["result"]

    assert view["status"] == "COMPLETED"
    assert product.services.records.get("company", answer["companyId"])["name"] == company
    assert [seen.headers["Authorization"] for seen in peer.seen] == [f"Bearer {canary}"] * 3
    assert view["usage"] == {"inputTokens": 300, "outputTokens": 21}
    assert canary not in json.dumps(view)
