"""Security 13: each function's role, IAM enforced: what it needs passes, anything else is denied.

The functions are replaced by one that makes the calls it is told to, under the real template's roles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.stack.conftest import FUNCTIONS, make_local
from ventuno_dev.stack.clients import Clients

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno_dev.stack.outputs import StackOutputs

pytestmark = pytest.mark.emulator

CALLER = """
import boto3
from botocore.exceptions import ClientError

def lambda_handler(event, context):
    return [outcome(*call) for call in event["calls"]]

def outcome(service, method, arguments):
    try:
        getattr(boto3.client(service), method)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "OK"
"""
Call = tuple[str, str, dict[str, Any]]
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
KEY = {"PK": {"S": "p"}, "SK": {"S": "s"}}

# One harmless call of services and actions that no function needs.
CANARIES: tuple[Call, ...] = (
    ("dynamodb", "list_tables", {}),
    ("dynamodb", "delete_table", {"TableName": "{RUNS}"}),
    ("dynamodb", "scan", {"TableName": "{RUNS}"}),
    ("dynamodb", "scan", {"TableName": "{RECORDS}"}),
    ("dynamodb", "get_item", {"TableName": "somebody-elses", "Key": KEY}),
    ("s3", "list_buckets", {}),
    ("s3", "get_object", {"Bucket": "{BUCKET}", "Key": "elsewhere/1"}),
    ("s3", "delete_object", {"Bucket": "{BUCKET}", "Key": "runs/1"}),
    ("stepfunctions", "list_state_machines", {}),
    ("stepfunctions", "start_execution", {"stateMachineArn": "{OTHER_STAGE}x", "input": "{{}}"}),
    ("lambda", "list_functions", {}),
    ("iam", "list_roles", {}),
    ("secretsmanager", "get_secret_value", {"SecretId": "ventuno/prod/secrets/s"}),
    ("secretsmanager", "update_secret", {"SecretId": "ventuno/dev/secrets/s"}),
    ("ssm", "get_parameter", {"Name": "p"}),
    ("sqs", "list_queues", {}),
    ("events", "list_rules", {}),
    ("scheduler", "list_schedules", {}),
    ("ses", "list_identities", {}),
    ("sns", "list_topics", {}),
    ("kms", "list_keys", {}),
    ("logs", "describe_log_groups", {}),
    ("cloudformation", "list_stacks", {}),
)


INVOKE_STEP: Call = ("lambda", "invoke", {"FunctionName": "{STEP_RUNNER}"})
INVOKE_CODE: Call = ("lambda", "invoke", {"FunctionName": "{CODE_RUNNER}"})
LIST_SECRETS: Call = ("secretsmanager", "list_secrets", {})


def secret(method: str, **arguments: Any) -> Call:  # noqa: ANN401 - the arguments of any method
    return ("secretsmanager", method, {"SecretId": "ventuno/dev/secrets/s", **arguments})


def table(method: str, name: str, **arguments: Any) -> Call:  # noqa: ANN401 - the arguments of any method
    return ("dynamodb", method, {"TableName": name, **arguments})


def query(name: str, index: str = "", attribute: str = "PK") -> Call:
    where = {"KeyConditionExpression": f"{attribute} = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}
    return table("query", name, **where, **({"IndexName": index} if index else {}))


def update(name: str, partition: str = "p") -> Call:
    value = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    return table("update_item", name, Key={**KEY, "PK": {"S": partition}}, **value)


def batch_get(name: str) -> Call:
    return ("dynamodb", "batch_get_item", {"RequestItems": {name: {"Keys": [KEY]}}})


def transaction(name: str) -> Call:
    other = {"PK": {"S": "p"}, "SK": {"S": "check"}}
    check = {"TableName": name, "Key": other, "ConditionExpression": "attribute_not_exists(PK)"}
    gone = {"TableName": name, "Key": {"PK": {"S": "p"}, "SK": {"S": "gone"}}}
    items = [{"Put": {"TableName": name, "Item": KEY}}, {"Delete": gone}, {"ConditionCheck": check}]
    return ("dynamodb", "transact_write_items", {"TransactItems": items})


def states(method: str, **arguments: str) -> Call:
    return ("stepfunctions", method, arguments)


def s3(method: str, key: str) -> Call:
    return ("s3", method, {"Bucket": "{BUCKET}", "Key": key})


def get(name: str) -> Call:
    return table("get_item", name, Key=KEY)


def put(name: str, partition: str = "p") -> Call:
    return table("put_item", name, Item={**KEY, "PK": {"S": partition}})


MACHINE = {"stateMachineArn": "{MACHINES}x-v1"}
EXECUTION = {"executionArn": "{EXECUTIONS}x-v1:1"}
START = states("start_execution", **MACHINE, input="{{}}")
RECORDS = (
    *(transaction("{RECORDS}"), get("{RECORDS}"), batch_get("{RECORDS}"), query("{RECORDS}")),
    *(query("{RECORDS}", "byObject", "listPk"), query("{RECORDS}", "keysByObject", "listPk")),
)
SCHEDULE = {"Name": "x-r1-1", "GroupName": "ventuno-dev"}
TIMED = {"ScheduleExpression": "cron(0 9 * * ? *)", "FlexibleTimeWindow": {"Mode": "OFF"}}
CREATE_SCHEDULE: Call = (
    "scheduler",
    "create_schedule",
    {**SCHEDULE, **TIMED, "Target": {"Arn": "{SCHEDULER}", "RoleArn": "{SCHEDULE_ROLE}"}},
)
DELETE_SCHEDULE: Call = ("scheduler", "delete_schedule", SCHEDULE)
SEND_MAIL: Call = (
    "sesv2",
    "send_email",
    {
        "FromEmailAddress": "a@example.com",
        "Destination": {"BccAddresses": ["b@example.com"]},
        "Content": {"Raw": {"Data": "Subject: x"}},
    },
)
WAITING_RUNS = query("{RUNS}", "byStatus", "statusPk")
COUNT_RUN = update("{WORKFLOWS}", "WORKFLOW#w")
MAKE_KEY = update("{WORKFLOWS}", "KEY#h")
NEEDS: dict[str, tuple[Call, ...]] = {
    "trigger_webhook": (
        *(get("{WORKFLOWS}"), COUNT_RUN, query("{WORKFLOWS}")),
        *(put("{RUNS}"), get("{RUNS}"), update("{RUNS}"), batch_get("{RUNS}"), WAITING_RUNS),
        *(s3("put_object", "runs/1"), s3("get_object", "runs/1"), s3("get_object", "versions/1"), START),
        ("secretsmanager", "get_secret_value", {"SecretId": "ventuno/dev/secrets/PARTNER"}),
    ),
    "step_runner": (
        *(get("{WORKFLOWS}"), query("{WORKFLOWS}"), SEND_MAIL),
        *(get("{RUNS}"), batch_get("{RUNS}"), put("{RUNS}"), update("{RUNS}")),
        *(*RECORDS, put("{RECORDS}"), update("{RECORDS}")),
        *(s3("get_object", "runs/1"), s3("put_object", "runs/1"), s3("get_object", "versions/1")),
        *(s3("put_object", "drafts/1"), s3("get_object", "drafts/1"), s3("get_object", "files/1")),
        *(secret("get_secret_value"), INVOKE_CODE),
    ),
    "code_runner": (),
    "api": (
        *(transaction("{WORKFLOWS}"), get("{WORKFLOWS}"), batch_get("{WORKFLOWS}"), query("{WORKFLOWS}")),
        *(put("{RUNS}"), update("{RUNS}"), query("{RUNS}"), batch_get("{RUNS}"), update("{WORKFLOWS}")),
        *(query("{RUNS}", "byWorkflow", "workflowPk"), query("{RUNS}", "byStatus", "statusPk")),
        *RECORDS,
        *(s3("put_object", "versions/1"), s3("get_object", "versions/1"), s3("get_object", "runs/1")),
        (
            "stepfunctions",
            "create_state_machine",
            {
                "name": "dev-made-v1",
                "roleArn": "{RUN_ROLE}",
                "definition": '{{"StartAt":"P","States":{{"P":{{"Type":"Pass","End":true}}}}}}',
                "tags": [{"key": "workflow", "value": "made"}],
            },
        ),
        *(states("describe_state_machine", **MACHINE), states("delete_state_machine", **MACHINE), START),
        *(states("describe_execution", **EXECUTION), states("stop_execution", **EXECUTION)),
        states("get_execution_history", **EXECUTION),
        states("update_state_machine", **MACHINE, roleArn="{RUN_ROLE}"),
        states("update_state_machine", **MACHINE, roleArn="{BATCH_RUN_ROLE}"),
        *(CREATE_SCHEDULE, DELETE_SCHEDULE),
        (
            "secretsmanager",
            "create_secret",
            {"Name": "ventuno/dev/secrets/n", "SecretString": "x", "Tags": [{"Key": "app", "Value": "x"}]},
        ),
        *(secret("put_secret_value", SecretString="x"), secret("delete_secret"), secret("restore_secret")),
        secret("describe_secret"),
        *(s3("put_object", "files/1"), s3("get_object", "files/1"), s3("delete_object", "files/2")),
        s3("get_object", "drafts/1"),
        *(LIST_SECRETS, INVOKE_CODE, INVOKE_STEP),
    ),
    "run_events": (
        *(get("{RUNS}"), query("{RUNS}"), update("{RUNS}"), query("{RUNS}", "byStatus", "statusPk")),
        *(query("{RUNS}", "byWorkflow", "workflowPk"), get("{WORKFLOWS}")),
        *(batch_get("{WORKFLOWS}"), query("{WORKFLOWS}"), batch_get("{RUNS}")),
        *(
            put("{WORKFLOWS}", "WORKFLOW#w"),
            put("{WORKFLOWS}", "ROLLOUTS"),
            put("{WORKFLOWS}", "LISTENERS#o"),
        ),
        table("delete_item", "{WORKFLOWS}", Key={"PK": {"S": "ROLLOUTS"}, "SK": {"S": "w"}}),
        *(s3("get_object", "runs/1"), s3("get_object", "versions/1")),
        *(states("describe_execution", **EXECUTION), START),
    ),
    "record_events": (
        *(batch_get("{RECORDS}"), get("{WORKFLOWS}"), batch_get("{WORKFLOWS}"), query("{WORKFLOWS}")),
        *(COUNT_RUN, put("{RUNS}"), get("{RUNS}"), update("{RUNS}"), batch_get("{RUNS}")),
        *(s3("put_object", "runs/1"), s3("get_object", "versions/1"), START, WAITING_RUNS),
    ),
    "scheduler": (
        *(get("{WORKFLOWS}"), COUNT_RUN, DELETE_SCHEDULE),
        *(put("{RUNS}"), get("{RUNS}"), update("{RUNS}"), batch_get("{RUNS}")),
        *(s3("get_object", "versions/1"), START, WAITING_RUNS),
    ),
}
# What one function may do and the others may not.
NO_MAIL = (SEND_MAIL, s3("get_object", "files/1"))
NO_SECRETS = (LIST_SECRETS, secret("get_secret_value"))
FOREIGN: dict[str, tuple[Call, ...]] = {
    "code_runner": (
        *(
            get("{RUNS}"),
            get("{RECORDS}"),
            get("{WORKFLOWS}"),
            s3("get_object", "runs/1"),
            START,
            INVOKE_CODE,
        ),
        ("logs", "create_log_stream", {"logGroupName": "{CODE_LOGS}", "logStreamName": "s"}),
        *(*NO_SECRETS, *NO_MAIL, INVOKE_STEP),
    ),
    "trigger_webhook": (
        ("secretsmanager", "get_secret_value", {"SecretId": "ventuno/other/secrets/PARTNER"}),
        *(LIST_SECRETS, INVOKE_STEP, MAKE_KEY, *NO_MAIL),
        *(get("{RECORDS}"), put("{WORKFLOWS}"), states("delete_state_machine", **MACHINE)),
    ),
    "step_runner": (
        COUNT_RUN,
        *(INVOKE_STEP, s3("put_object", "files/1"), LIST_SECRETS),
        secret("delete_secret"),
        START,
        states("describe_execution", **EXECUTION),
    ),
    "api": (
        *(secret("get_secret_value"), SEND_MAIL, s3("delete_object", "versions/1")),
        ("sqs", "send_message", {"QueueUrl": "{QUEUE}", "MessageBody": "x"}),
    ),
    "run_events": (
        *(put("{RUNS}"), get("{RECORDS}"), s3("put_object", "runs/1"), COUNT_RUN, MAKE_KEY),
        *(*NO_SECRETS, *NO_MAIL, INVOKE_STEP),
    ),
    "scheduler": (
        *(get("{RECORDS}"), CREATE_SCHEDULE, s3("put_object", "runs/1"), put("{WORKFLOWS}"), MAKE_KEY),
        *(*NO_SECRETS, *NO_MAIL, INVOKE_STEP),
    ),
    "record_events": (
        DELETE_SCHEDULE,
        put("{RECORDS}"),
        put("{WORKFLOWS}"),
        MAKE_KEY,
        states("describe_execution", **EXECUTION),
        *(*NO_SECRETS, *NO_MAIL, INVOKE_STEP),
    ),
}


@dataclass(frozen=True, slots=True)
class Enforcing:
    """A stack whose IAM denies, and the names to put into calls."""

    clients: Clients
    names: dict[str, str]

    def outcomes(self, function: str, calls: tuple[Call, ...]) -> dict[str, str]:
        payload = json.dumps({"calls": [filled(call, self.names) for call in calls]})
        name = f"ventuno-dev-{function.replace('_', '-')}"
        answer = self.clients.functions.invoke(FunctionName=name, Payload=payload.encode())
        outcomes = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            pytest.fail(f"the calling function failed: {outcomes}")
        return {
            f"{call[0]}.{call[1]} {call[2]}": outcome for call, outcome in zip(calls, outcomes, strict=True)
        }


def filled(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {filled(key, names): filled(one, names) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [filled(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def enforcing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enforcing]:
    local = make_local(tmp_path_factory.mktemp("roles"))
    for function in FUNCTIONS:
        local.change(f"functions/{function}/app.py", CALLER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTH", "true")  # MiniStack's switch for IAM
        result = local.up()
    with Clients(result.target) as clients:
        for folder in ("drafts", "files", "runs", "versions"):
            clients.s3.put_object(Bucket=result.outputs.payload_bucket, Key=f"{folder}/1", Body=b"1")
        yield Enforcing(clients, names_of(result.outputs, clients))
    local.down()


def names_of(outputs: StackOutputs, clients: Clients) -> dict[str, str]:
    machines = outputs.state_machine_prefix
    return {
        "RECORDS": outputs.records_table,
        "RUNS": outputs.runs_table,
        "WORKFLOWS": outputs.workflows_table,
        "BUCKET": outputs.payload_bucket,
        "MACHINES": machines,
        "EXECUTIONS": machines.replace(":stateMachine:", ":execution:"),
        "OTHER_STAGE": machines.removesuffix("dev-") + "prod-",
        "STEP_RUNNER": outputs.step_runner_arn,
        "CODE_RUNNER": outputs.code_runner_arn,
        "CODE_LOGS": "/aws/lambda/ventuno-dev-code-runner",
        "RUN_ROLE": outputs.run_role_arn,
        "BATCH_RUN_ROLE": outputs.batch_run_role_arn,
        "SCHEDULER": outputs.scheduler_arn,
        "SCHEDULE_ROLE": outputs.schedule_role_arn,
        "QUEUE": clients.sqs.list_queues()["QueueUrls"][0],
    }


@pytest.fixture
def over_tls(enforcing: Enforcing) -> Iterator[Enforcing]:
    """Lift the rule that the bucket answers over TLS only, since the emulator has no TLS."""
    s3_client, bucket = enforcing.clients.s3, enforcing.names["BUCKET"]
    policy = s3_client.get_bucket_policy(Bucket=bucket)["Policy"]
    s3_client.delete_bucket_policy(Bucket=bucket)
    yield enforcing
    s3_client.put_bucket_policy(Bucket=bucket, Policy=policy)


def test_the_bucket_refuses_a_function_that_does_not_use_tls(enforcing: Enforcing) -> None:
    outcomes = enforcing.outcomes("step_runner", (s3("get_object", "runs/1"),))

    assert set(outcomes.values()) <= DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_all_that_it_needs(over_tls: Enforcing, function: str) -> None:
    outcomes = over_tls.outcomes(function, NEEDS[function])

    assert {call: outcome for call, outcome in outcomes.items() if outcome in DENIED} == {}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_nothing_else(over_tls: Enforcing, function: str) -> None:
    outcomes = over_tls.outcomes(function, CANARIES + FOREIGN[function])

    assert {call: outcome for call, outcome in outcomes.items() if outcome not in DENIED} == {}
