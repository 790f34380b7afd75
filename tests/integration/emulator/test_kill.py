"""kill -9 loses at most the last save interval, and leaves no process behind."""

import json
import time
from collections.abc import Callable

import httpx
import psutil
import pytest

from tests.integration.emulator.aws import ROLE, Clients, eventually, unique
from tests.integration.emulator.emulator_process import Emulator
from tests.integration.emulator.parts import ECHO, LENGTH, branch, rule, task

pytestmark = pytest.mark.emulator

Start = Callable[..., Emulator]

SAVE = ("--save-every", "0.2")
SLEEPER = "import time\ndef handler(event, context): time.sleep(60)"


def _saved(emulator: Emulator) -> None:
    """Wait until what has happened is saved; a batch holds everything up to one moment."""
    last = unique("last")
    Clients(emulator.endpoint).client("sns").create_topic(Name=last)
    eventually(lambda: any(last.encode() in log.read_bytes() for log in emulator.data.rglob("state-*.log")))


def _restarted(emulator: Emulator, start: Start) -> Emulator:
    """Kill once everything has been saved, and start again on the same folder."""
    _saved(emulator)
    emulator.kill()
    return start(*SAVE)


def test_everything_saved_is_there_after_a_kill(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    table, bucket, queue = clients.table(), unique("bucket"), clients.queue()[0]
    clients.client("dynamodb").put_item(
        TableName=table, Item={"pk": {"S": "a"}, "sk": {"S": "b"}, "n": {"N": "1"}}
    )
    function = clients.function(ECHO)
    api = clients.http_api(clients.function(LENGTH), "$default")
    machine = clients.machine({"A": {"Type": "Pass", "Output": 7, "End": True}})
    finished = clients.start(machine)
    clients.ended(finished)
    clients.client("s3").create_bucket(Bucket=bucket)
    clients.client("s3").put_object(Bucket=bucket, Key="k", Body=b"body")
    clients.client("sqs").send_message(QueueUrl=queue, MessageBody="kept")
    clients.invoke(function)
    rule(clients, {"source": ["kept"]}, function)

    clients = Clients(_restarted(emulator, start).endpoint)

    item = clients.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})[
        "Item"
    ]
    assert item["n"] == {"N": "1"}
    assert clients.execution(finished)["output"] == "7"
    assert clients.ended(clients.start(machine))["output"] == "7"
    assert clients.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"body"
    assert clients.received(queue)["Body"] == "kept"
    assert clients.invoke(function, {"x": 1}) == ({"x": 1}, False)
    assert (
        httpx.post(f"{clients.endpoint}/_aws/execute-api/{api}/$default/", content=b"{}").status_code == 200
    )
    assert clients.client("events").list_rules()["Rules"]
    assert clients.client("logs").describe_log_groups()["logGroups"]


TEMPLATE = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            },
        },
        "Schedule": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "ScheduleExpression": "rate(1 day)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}, "RoleArn": ROLE},
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 1,
                "MetricName": "Errors",
                "Namespace": "AWS/Lambda",
                "Period": 60,
                "Statistic": "Sum",
                "Threshold": 0,
            },
        },
    },
    "Outputs": {"Table": {"Value": {"Ref": "Table"}}},
}


def test_a_stack_and_what_it_made_are_there_after_a_kill(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    name, formation = unique("stack"), clients.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE))
    eventually(
        lambda: formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    )

    clients = Clients(_restarted(emulator, start).endpoint)

    stack = clients.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    assert clients.client("dynamodb").list_tables()["TableNames"] == [stack["Outputs"][0]["OutputValue"]]
    assert len(clients.client("sqs").list_queues()["QueueUrls"]) == 1
    assert len(clients.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 1
    assert len(clients.client("scheduler").list_schedules()["Schedules"]) == 1


def test_a_running_execution_is_reported_as_ended(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    execution = clients.start(clients.machine({"W": {"Type": "Wait", "Seconds": 60, "End": True}}))

    clients = Clients(_restarted(emulator, start).endpoint)

    found = clients.execution(execution)
    history = clients.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert (found["status"], found["error"]) == ("FAILED", "States.ServiceRestart")
    assert history[-1]["type"] == "ExecutionFailed"


def test_an_execution_that_was_not_saved_is_unknown(start: Start) -> None:
    clients = Clients((emulator := start("--save-every", "1")).endpoint)
    machine = clients.machine({"W": {"Type": "Wait", "Seconds": 60, "End": True}})
    time.sleep(2.2)
    execution = clients.start(machine)
    emulator.kill()

    clients = Clients(start().endpoint)

    states = clients.client("stepfunctions")
    found = states.list_executions(stateMachineArn=machine)["executions"]
    assert [run["executionArn"] for run in found] in ([], [execution])
    if not found:
        with pytest.raises(states.exceptions.ExecutionDoesNotExist):
            states.describe_execution(executionArn=execution)


def test_a_stream_goes_on_where_it_was(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    table = clients.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    queue, _ = clients.queue()
    dynamodb = clients.client("dynamodb")
    code = (
        "import boto3\nsqs = boto3.client('sqs')\n"
        "def handler(event, context):\n    for r in event['Records']:\n"
        f"        sqs.send_message(QueueUrl='{queue}', MessageBody=r['dynamodb']['Keys']['pk']['S'])"
    )
    clients.client("lambda").create_event_source_mapping(
        FunctionName=clients.function(code),
        EventSourceArn=dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"],
        StartingPosition="LATEST",
    )
    for key in ("one", "two"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": key}, "sk": {"S": "-"}})
    assert {clients.received(queue)["Body"] for _ in range(2)} == {"one", "two"}

    clients = Clients(_restarted(emulator, start).endpoint)
    clients.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": "three"}, "sk": {"S": "-"}})

    assert clients.received(queue)["Body"] == "three"
    emulator.kill()


COUNT = """
import boto3, os
table = boto3.client("dynamodb")
def handler(event, context):
    table.update_item(TableName=os.environ["TABLE"], Key={"pk": {"S": event}, "sk": {"S": "-"}},
                      UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": {"N": "1"}})
    return event
"""


def test_what_a_finished_execution_wrote_is_there(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    table = clients.table()
    step = task(clients.function(COUNT, Environment={"Variables": {"TABLE": table}}))
    step["Output"] = "{% $states.result.Payload %}"
    machine = clients.machine(branch(step, step, step)["States"])
    names = [f"run-{number}" for number in range(120)]
    for name in names:
        clients.start(machine, name, name=name)
    eventually(
        lambda: clients.execution(f"{machine.replace(':stateMachine:', ':execution:')}:run-9")["output"]
    )
    _saved(emulator)
    emulator.kill()

    clients = Clients(start(*SAVE).endpoint)
    dynamodb, states = clients.client("dynamodb"), clients.client("stepfunctions")
    runs = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    statuses = {run["name"]: run["status"] for page in runs for run in page["executions"]}
    counts = {item["pk"]["S"]: item["n"]["N"] for item in dynamodb.scan(TableName=table)["Items"]}

    assert "SUCCEEDED" in statuses.values()
    assert set(statuses.values()) <= {"SUCCEEDED", "FAILED"}
    assert {counts.get(name) for name, status in statuses.items() if status == "SUCCEEDED"} <= {"3"}


def test_no_worker_outlives_a_killed_emulator(start: Start) -> None:
    clients = Clients((emulator := start()).endpoint)
    function = clients.function(SLEEPER, Timeout=90)
    clients.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload="{}")
    process = psutil.Process(emulator.process.pid)
    workers = eventually(lambda: process.children(recursive=True))
    emulator.kill()

    _, alive = psutil.wait_procs(workers, timeout=3)
    assert alive == []


def test_deleted_things_stay_deleted(start: Start) -> None:
    clients = Clients((emulator := start(*SAVE)).endpoint)
    dynamodb, table = clients.client("dynamodb"), clients.table()
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    dynamodb.put_item(TableName=table, Item=key)
    _saved(emulator)
    dynamodb.delete_item(TableName=table, Key=key)
    dropped = clients.table()
    dynamodb.put_item(TableName=dropped, Item=key)
    _saved(emulator)
    dynamodb.delete_table(TableName=dropped)

    clients = Clients(_restarted(emulator, start).endpoint)

    assert "Item" not in clients.client("dynamodb").get_item(TableName=table, Key=key)
    assert clients.client("dynamodb").list_tables()["TableNames"] == [table]
