"""One deployment on moto: the template's tables and bucket, a function's environment, and its services."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3

from tests.contract.stores import table_properties
from ventuno.bootstrap import aws_services
from ventuno.definition.loading import definition_from
from ventuno.runtime.activate import activate
from ventuno.runtime.apply import apply_definition

if TYPE_CHECKING:
    import pytest

    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

REGION: Final = "eu-west-1"
EVENTS = Path(__file__).parent / "events"
_STATES = f"arn:aws:states:{REGION}:123456789012:stateMachine:test-"
ENVIRONMENT = {
    "STAGE": "test",
    "WORKSPACE_ID": "default",
    "RECORDS_TABLE": "records",
    "RUNS_TABLE": "runs",
    "WORKFLOWS_TABLE": "workflows",
    "PAYLOAD_BUCKET": "payloads",
    "STATE_MACHINE_PREFIX": _STATES,
    "STEP_RUNNER_ARN": f"arn:aws:lambda:{REGION}:123456789012:function:ventuno-test-step-runner",
    "CODE_RUNNER_ARN": f"arn:aws:lambda:{REGION}:123456789012:function:ventuno-test-code-runner",
    "RUN_ROLE_ARN": "arn:aws:iam::123456789012:role/ventuno/run",
    "BATCH_RUN_ROLE_ARN": "arn:aws:iam::123456789012:role/ventuno/batch-run",
    "SCHEDULE_GROUP": "ventuno-test",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
    "SCHEDULER_ARN": f"arn:aws:lambda:{REGION}:123456789012:function:ventuno-test-scheduler",
    "UNDELIVERED_EVENTS_ARN": f"arn:aws:sqs:{REGION}:123456789012:undelivered",
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Ventuno",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


@dataclass(frozen=True)
class LambdaContext:
    """What the Lambda service tells a function of the call."""

    function_name: str = "test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:123456789012:function:test"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what template.yaml declares and set a function's environment; moto must be on."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    dynamodb: Any = boto3.client("dynamodb", region_name=REGION)
    for logical_id in ("Records", "Runs", "Workflows"):
        dynamodb.create_table(TableName=logical_id.lower(), **table_properties(logical_id))
    boto3.client("s3", region_name=REGION).create_bucket(
        Bucket="payloads", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    boto3.client("scheduler", region_name=REGION).create_schedule_group(Name="ventuno-test")
    aws_services.cache_clear()


def empty() -> None:
    """Delete every row; versions are cached by random ids, so nothing else carries over."""
    dynamodb: Any = boto3.resource("dynamodb", region_name=REGION)
    for name in ("records", "runs", "workflows"):
        table = dynamodb.Table(name)
        with table.batch_writer() as batch:
            for row in table.scan(ProjectionExpression="PK, SK")["Items"]:
                batch.delete_item(Key=row)


def services() -> Services:
    """Return the services that the handlers use."""
    return aws_services()


def call(function: str, sent: dict[str, Any]) -> Any:  # noqa: ANN401 - what the handler returns
    """Call a function. Its module is imported now, when the environment is set, as Lambda does."""
    handler = importlib.import_module(f"functions.{function}.app").lambda_handler
    return handler(sent, LambdaContext())


def publish(authored: dict[str, Any], slug: str = "flow") -> Workflow:
    """Apply and activate a definition."""
    return activate(apply_definition(slug, definition_from(authored), services()).workflow, services())


def event(name: str, **words: str) -> Any:  # noqa: ANN401 - a captured event
    """Read a captured event; `words` replace the placeholders in it."""
    text = (EVENTS / f"{name}.json").read_text()
    for word, value in words.items():
        text = text.replace(word, value)
    return json.loads(text)
