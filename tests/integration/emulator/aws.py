"""Clients of one emulator, and the few resources that checks make again and again."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

ROLE = "arn:aws:iam::000000000000:role/check"
PATIENCE_SECONDS = 20.0
"""How long what must happen may take; on a busy machine all takes long."""
CONFIG = Config(retries={"max_attempts": 0}, max_pool_connections=50)

Json = Any


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def eventually(probe: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:  # noqa: ANN401 - what the probe gives
    """Give the first truthy answer of `probe`; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := probe()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return answer


@dataclass(frozen=True, slots=True)
class Clients:
    """AWS clients of one endpoint; what must happen there may take `patience` seconds."""

    endpoint: str
    access_key: str = "test"
    secret_key: str = "test"  # noqa: S105 - the emulator takes any for its account
    patience: float = PATIENCE_SECONDS

    def client(self, service: str) -> Json:
        return boto3.client(
            service,  # type: ignore[call-overload] # a name at run time
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=CONFIG,
        )

    def allowed(self, *statements: Json) -> "Clients":
        """Make a user who may do this much and no more; gives that user's clients."""
        iam, user = self.client("iam"), unique("user")
        iam.create_user(UserName=user)
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_user_policy(UserName=user, PolicyName="check", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=user)["AccessKey"]
        return Clients(self.endpoint, key["AccessKeyId"], key["SecretAccessKey"])

    def function(self, code: str, **settings: Json) -> str:
        """Create a Lambda function from the text of its module; gives its ARN."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("app.py", code)
        created = self.client("lambda").create_function(
            FunctionName=unique("function"),
            Runtime="python3.13",
            Role=ROLE,
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
            **{"Timeout": 20, **settings},
        )
        return str(created["FunctionArn"])

    def invoke(self, function: str, event: Json = None) -> tuple[Json, bool]:
        """Call a function; gives its answer and whether it is an error."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read()), "FunctionError" in answer

    def machine(self, states: Json, start: str | None = None, **top: Json) -> str:
        """Create a JSONata state machine; the first state is where it starts."""
        definition = {
            "QueryLanguage": "JSONata",
            "StartAt": start or next(iter(states)),
            "States": states,
            **top,
        }
        created = self.client("stepfunctions").create_state_machine(
            name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE
        )
        return str(created["stateMachineArn"])

    def start(self, machine: str, value: Json = None, **settings: Json) -> str:
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=machine, input=json.dumps(value if value is not None else {}), **settings
        )
        return str(started["executionArn"])

    def execution(self, arn: str) -> dict[str, Any]:
        return dict(self.client("stepfunctions").describe_execution(executionArn=arn))

    def ended(self, arn: str) -> dict[str, Any]:
        """Wait until an execution has ended."""
        states = self.client("stepfunctions")

        def probe() -> dict[str, Any] | None:
            found = dict(states.describe_execution(executionArn=arn))
            return None if found["status"] == "RUNNING" else found

        return dict(eventually(probe, self.patience))

    def run(self, states: Json, value: Json = None, **top: Json) -> dict[str, Any]:
        """Run the states to their end."""
        return self.ended(self.start(self.machine(states, **top), value))

    def queue(self) -> tuple[str, str]:
        """Create a queue; gives its URL and ARN."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def received(self, queue: str) -> dict[str, Any]:
        """Wait for one message of a queue."""
        sqs = self.client("sqs")

        def probe() -> Any:  # noqa: ANN401 - a message or nothing
            found = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"], MaxNumberOfMessages=1)
            return found.get("Messages")

        message: dict[str, Any] = eventually(probe, self.patience)[0]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return message

    def is_empty(self, queue: str) -> bool:
        return "Messages" not in self.client("sqs").receive_message(QueueUrl=queue)

    def table(self, **settings: Json) -> str:
        """Create a table with the keys pk and sk; gives its name."""
        keys = {"pk": "HASH", "sk": "RANGE"}
        name = unique("table")
        attributes = [
            {"AttributeName": key, "AttributeType": "S"} for key in (*keys, *settings.pop("attributes", ()))
        ]
        self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
            AttributeDefinitions=attributes,
            BillingMode="PAY_PER_REQUEST",
            **settings,
        )
        return name

    def http_api(self, function: str, *routes: str) -> str:
        """Create an HTTP API whose routes call a function; gives its id."""
        gateway = self.client("apigatewayv2")
        api = gateway.create_api(Name=unique("api"), ProtocolType="HTTP")["ApiId"]
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        for route in routes:
            gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration}")
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        return str(api)
