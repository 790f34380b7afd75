"""The stores that the suites of this folder run on; a further one is one more entry of STORES.

Tables under moto have the keys, indexes and projections of template.yaml, read from it.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from tests.contract.one_at_a_time import OneAtATime
from ventuno.adapters.aws.payloads import S3PayloadStore
from ventuno.adapters.aws.schedules import EventBridgeSchedules, ScheduleSetup
from ventuno.adapters.dynamodb.forms import DynamoFormStore
from ventuno.adapters.dynamodb.limits import DynamoLimitStore
from ventuno.adapters.dynamodb.runs import DynamoRunStore
from ventuno.adapters.dynamodb.workflows import DynamoWorkflowStore
from ventuno.adapters.memory.forms import MemoryFormStore
from ventuno.adapters.memory.limits import MemoryLimitStore
from ventuno.adapters.memory.payloads import MemoryPayloadStore
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.adapters.memory.schedules import MemorySchedules
from ventuno.adapters.memory.workflows import MemoryWorkflowStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

    from ventuno.execution_ports import Schedules
    from ventuno.ports import FormStore, LimitStore, PayloadStore, RunStore, WorkflowStore

REGION: Final = "eu-west-1"
TEMPLATE = Path(__file__).parents[2] / "template.yaml"
_TARGET: Final = (
    f"arn:aws:lambda:{REGION}:123456789012:function:scheduler",
    "arn:aws:iam::123456789012:role/schedules",
    f"arn:aws:sqs:{REGION}:123456789012:undelivered",
)
_TABLE_PROPERTIES = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each store, empty."""

    runs: RunStore
    forms: FormStore
    limits: LimitStore
    workflows: WorkflowStore
    payloads: PayloadStore
    schedules: Schedules


@cache
def table_properties(logical_id: str) -> dict[str, Any]:
    """Read what a table of template.yaml is created with."""
    properties = yaml_parse(TEMPLATE.read_text())["Resources"][logical_id]["Properties"]
    return {name: properties[name] for name in _TABLE_PROPERTIES if name in properties}


@contextmanager
def memory() -> Iterator[Callable[[], Stores]]:
    """Offer stores in memory."""
    yield memory_stores


def memory_stores() -> Stores:
    """Make stores that are gone with the process."""
    runs = MemoryRunStore()
    return Stores(
        runs,
        MemoryFormStore(runs),
        MemoryLimitStore(),
        MemoryWorkflowStore(),
        MemoryPayloadStore(),
        MemorySchedules(),
    )


@contextmanager
def moto() -> Iterator[Callable[[], Stores]]:
    """Offer the AWS stores on moto; the clients are made once, they take longer than the tables."""
    make: Any = boto3.client
    with mock_aws():
        clients = {name: make(name, region_name=REGION) for name in ("dynamodb", "s3", "scheduler")}
        one: Any = OneAtATime(clients["dynamodb"])
        yield lambda: aws_stores(**clients | {"dynamodb": one})


def aws_stores(dynamodb: DynamoDBClient, s3: S3Client, scheduler: EventBridgeSchedulerClient) -> Stores:
    """Make new tables and a new bucket at the service that the clients speak to, and stores on them."""
    # Nested mocks share their tables, so every one has a name of its own.
    names = {table: f"{table.lower()}-{uuid.uuid4()}" for table in ("Runs", "Workflows")}
    for table, name in names.items():
        dynamodb.create_table(TableName=name, **table_properties(table))
    bucket = f"payloads-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    group = f"group-{uuid.uuid4()}"
    scheduler.create_schedule_group(Name=group)
    return Stores(
        DynamoRunStore(dynamodb, names["Runs"]),
        DynamoFormStore(dynamodb, names["Runs"]),
        DynamoLimitStore(dynamodb, names["Runs"]),
        DynamoWorkflowStore(dynamodb, names["Workflows"]),
        S3PayloadStore(lambda: s3, bucket),
        EventBridgeSchedules(lambda: scheduler, ScheduleSetup(group, *_TARGET)),
    )


STORES: dict[str, Callable[[], AbstractContextManager[Callable[[], Stores]]]] = {
    "memory": memory,
    "moto": moto,
}
