"""Every kind of event delivered five times at once starts one run, on the deployed functions.

Webhooks are in test_spine.py. The others are delivered as their services do: by invoking the function.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.execution_ports import SCHEDULED_TIME
from ventuno.runtime.access import create_key
from ventuno.runtime.activate import deactivate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e

TIMES = 5
NOTHING: Any = {"id": "only", "name": "Only", "type": "EMPTY", "settings": {"input": {}}}


@pytest.fixture
def slug(product: Product) -> Iterator[str]:
    """A workflow's name; what listens is deactivated, so that no other test's records start it."""
    name = f"once-{uuid.uuid4().hex[:8]}"
    yield name
    workflow = product.services.workflows.find(name)
    assert workflow is not None
    deactivate(workflow, product.services)


@pytest.fixture(scope="module")
def editor(product: Product) -> dict[str, str]:
    _, token = create_key("deliveries", Role.EDITOR, product.services)
    return {"x-api-key": token}


def activated(product: Product, slug: str, kind: str, **settings: Any) -> None:  # noqa: ANN401 - author JSON
    trigger: Any = {"type": kind, "settings": settings, "nextStepIds": ["only"]}
    product.activated(slug, definition_from({"name": slug, "trigger": trigger, "steps": [NOTHING]}))


def delivered(stack: RunningStack, function: str, event: object) -> list[Any]:
    """Invoke a function with an event so often at once, and return its answers."""

    def one(_: int) -> Any:  # noqa: ANN401 - JSON
        answer = stack.clients.functions.invoke(FunctionName=function, Payload=json.dumps(event))
        assert answer.get("FunctionError") is None
        return json.loads(answer["Payload"].read())

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(one, range(TIMES)))


def streamed(stack: RunningStack, record_id: str) -> dict[str, Any]:
    """Read what the stream of the records table tells of a record's first write."""
    table = stack.outputs.records_table
    arn = stack.clients.dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    make: Any = boto3.client
    streams = make(
        "dynamodbstreams",
        endpoint_url=stack.endpoint,
        region_name=stack.target.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator takes any
    )
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator: str | None = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                if record["dynamodb"]["Keys"] == {"PK": {"S": f"REC#task#{record_id}"}, "SK": {"S": "A"}}:
                    record["dynamodb"].pop("ApproximateCreationDateTime", None)
                    return dict(record)
            iterator = page.get("NextShardIterator") if page["Records"] else None
    raise AssertionError(f"the stream does not tell of task {record_id}")


def test_a_write_of_a_record_that_is_told_five_times_at_once_starts_one_run(
    product: Product, stack: RunningStack, editor: dict[str, str], slug: str
) -> None:
    activated(product, slug, "DATABASE_EVENT", eventName="task.created")
    answer = product.http.post(f"{product.api_url}/rest/tasks", json={"title": slug}, headers=editor)
    task = answer.json()["data"]["createTask"]
    told = streamed(stack, task["id"])
    never_told = told | {
        "eventID": uuid.uuid4().hex
    }  # a second event, which the stream itself never delivers
    function = f"ventuno-{stack.outputs.stage}-record-events"
    answers = [
        answer for one in (told, never_told) for answer in delivered(stack, function, {"Records": [one]})
    ]
    run_ids = product.started(slug, 2)

    assert answers == [{"batchItemFailures": []}] * 2 * TIMES
    assert [product.finished(run_id)["status"] for run_id in run_ids] == ["COMPLETED"] * 2
    assert product.started(slug, 2) == run_ids


def test_a_moment_of_a_schedule_that_comes_five_times_at_once_starts_one_run(
    product: Product, stack: RunningStack, slug: str
) -> None:
    activated(product, slug, "CRON", type="CUSTOM", pattern="0 9 29 2 *")
    workflow = product.services.workflows.find(slug)
    assert workflow is not None
    assert workflow.active is not None
    (name,) = workflow.active.schedules
    schedule = stack.clients.scheduler.get_schedule(GroupName=stack.outputs.schedule_group, Name=name)
    sent = schedule["Target"]["Input"].replace(SCHEDULED_TIME, "2028-02-29T09:00:00Z")
    answers = delivered(stack, schedule["Target"]["Arn"], json.loads(sent))
    (run_id,) = product.started(slug)

    assert Counter(answer["fired"] for answer in answers) == {"started": 1, "known": TIMES - 1}
    assert product.finished(run_id)["status"] == "COMPLETED"


def test_a_start_by_hand_that_is_sent_five_times_at_once_with_one_key_starts_one_run(
    product: Product, editor: dict[str, str], slug: str
) -> None:
    activated(product, slug, "MANUAL")
    address = f"{product.api_url}/workflows/{slug}/run"

    def one(_: int) -> tuple[str, bool]:
        answer = product.http.post(address, json={}, headers=editor | {"idempotency-key": slug})
        assert answer.is_success, answer.text
        return answer.json()["workflowRunId"], answer.json()["fresh"]

    with ThreadPoolExecutor(TIMES) as pool:
        told = list(pool.map(one, range(TIMES)))
    (run_id,) = product.started(slug)

    assert {each for each, _ in told} == {run_id}
    assert Counter(fresh for _, fresh in told) == {True: 1, False: TIMES - 1}
    assert product.finished(run_id)["status"] == "COMPLETED"
