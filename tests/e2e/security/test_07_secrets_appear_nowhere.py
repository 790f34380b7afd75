"""Security 7: secrets are in no run, error, log, export or machine; a canary is sought in every store.

That the search sees a store is shown by something it must find there.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.peers.mail_server import mail_server
from tests.peers.web_server import Peer, running
from ventuno.access.model import Role
from ventuno.runtime.access import create_key
from ventuno.runtime.accounts import add_account
from ventuno.runtime.export import export
from ventuno.runtime.plan import plan_of
from ventuno.runtime.secrets import store_secret
from ventuno.workflow.limits import NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product
    from ventuno.definition.model import Definition

pytestmark = pytest.mark.e2e

FUNCTIONS = (
    "trigger-webhook",
    "step-runner",
    "api",
    "run-events",
    "record-events",
    "scheduler",
    "code-runner",
)
BIG = "x" * 150_000  # a result that goes to the bucket


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started


@dataclass(frozen=True, slots=True)
class Told:
    """One run with a secret that everything it called echoed, and what callers were told of it."""

    canary: str
    marker: str
    machine: str
    run_id: str
    answers: str


@pytest.fixture
def told(product: Product, peer: Peer) -> Told:
    tag = uuid.uuid4().hex
    name, canary, marker, slug = f"KEY_{tag[:8]}", f"canary-{tag}", f"marker-{tag}", f"canary-{tag[:8]}"
    store_secret(name, canary, product.services)
    definition = echoing(f"{{{{secrets.{name}}}}}", peer, _refused_account(name, tag, product))
    run_id = product.post(product.activated(slug, definition), {"marker": marker, "big": BIG})[
        "workflowRunId"
    ]
    view = product.finished(run_id)
    infos = view["state"]["stepInfos"]
    states = {each: infos[each]["status"] for each in ("echo", "fail", "mail", "query")}
    assert states == dict.fromkeys(states, "FAILED_SAFELY") | {"echo": "SUCCESS"}, infos
    assert canary in json.dumps(
        [[*seen.headers.values(), seen.path, seen.body.decode()] for seen in peer.seen]
    )
    workflow = product.services.workflows.find(slug)
    assert workflow is not None
    assert workflow.active is not None
    answers = [
        view,
        export(slug, definition, NO_LIMITS, product.services),
        plan_of(workflow, definition, product.services).to_dict(),
        *asked(product, [f"/runs/{run_id}", "/runs", "/secrets", "/accounts", f"/workflows/{slug}"]),
    ]
    return Told(canary, marker, workflow.active.machine_arn, run_id, json.dumps(answers))


def echoing(secret: str, peer: Peer, account: str) -> Definition:
    """Send a secret by every way there is, to servers that put it into answers and errors."""
    sent = {"method": "POST", "headers": {"Authorization": f"Bearer {secret}"}}
    body = {"key": secret, "again": f"k={secret}", "marker": "{{trigger.marker}}", "big": "{{trigger.big}}"}
    mail = {"connectedAccountId": account, "recipients": {"to": "ada@example.com"}, "subject": "x"}
    safe: Any = {"continueOnFailure": True}
    return defined(
        step("echo", "HTTP_REQUEST", "fail", {**sent, "url": f"{peer.url}/echo", "body": body}),
        step(
            "fail", "HTTP_REQUEST", "query", {**sent, "url": f"{peer.url}/echo_refused", "body": body}, **safe
        ),
        step("query", "HTTP_REQUEST", "mail", {"url": "http://10.0.0.1/", "query": {"key": secret}}, **safe),
        step("mail", "SEND_EMAIL", given=mail, **safe),
    )


def _refused_account(secret: str, tag: str, product: Product) -> str:
    """Connect an account whose server is gone, with the secret as its password."""
    with mail_server() as gone:
        port = gone.port
    account: Any = {
        "id": f"smtp-{tag[:8]}",
        "kind": "SMTP",
        "address": "shop@example.com",
        "host": "127.0.0.1",
    }
    login: Any = {"port": port, "security": "STARTTLS", "username": "shop", "passwordSecret": secret}
    return add_account({**account, **login}, product.services).id


def asked(product: Product, addresses: list[str]) -> list[Any]:
    _, token = create_key("canary", Role.ADMIN, product.services)
    heads = {"authorization": f"Bearer {token}"}
    answers = [product.http.get(f"{product.api_url}{address}", headers=heads) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json() for answer in answers]


def tables(stack: RunningStack) -> str:
    names = (stack.outputs.records_table, stack.outputs.runs_table, stack.outputs.workflows_table)
    scans = (stack.clients.dynamodb.get_paginator("scan").paginate(TableName=name) for name in names)
    return "".join(repr(page["Items"]) for pages in scans for page in pages)


def bucket(stack: RunningStack) -> str:
    name = stack.outputs.payload_bucket
    pages = stack.clients.s3.get_paginator("list_objects_v2").paginate(Bucket=name)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    bodies = (stack.clients.s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys)
    return "".join(body.decode("utf-8", "replace") for body in bodies)


def logs(stack: RunningStack) -> str:
    pages = stack.clients.logs.get_paginator("filter_log_events")
    groups = (f"/aws/lambda/ventuno-{stack.outputs.stage}-{name}" for name in FUNCTIONS)
    found = (page["events"] for group in groups for page in pages.paginate(logGroupName=group))
    return "".join(event["message"] for events in found for event in events)


def machine(stack: RunningStack, told: Told) -> str:
    return stack.clients.states.describe_state_machine(stateMachineArn=told.machine)["definition"]


def history(stack: RunningStack, told: Told) -> str:
    arn = told.machine.replace(":stateMachine:", ":execution:") + f":{told.run_id}"
    pages = stack.clients.states.get_paginator("get_execution_history").paginate(executionArn=arn)
    return "".join(repr(page["events"]) for page in pages)


def test_a_canary_secret_is_in_no_store_log_export_or_machine(stack: RunningStack, told: Told) -> None:
    stores = {
        "tables": (tables(stack), told.run_id),
        "bucket": (bucket(stack), told.marker),
        "logs": (logs(stack), "ApiRequests"),
        "machine": (machine(stack, told), "echo"),
        "history": (history(stack, told), told.run_id),
        "answers": (told.answers, told.marker),
    }

    assert [name for name, (text, known) in stores.items() if known not in text] == [], "not searched at all"
    assert [name for name, (text, _) in stores.items() if told.canary in text] == []
