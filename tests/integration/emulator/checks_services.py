"""One check per fix of Lambda, events, streams, schedules, tables and APIs."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from tests.integration.emulator.aws import ROLE, Clients, Json, unique
from tests.integration.emulator.parts import FAIL, LENGTH, WORK, cpu_ratio, fastest, rule


def check_lambda_worker(clients: Clients) -> None:
    """The error type is real, a silent call is fast, an error keeps the environment, the pool is bounded."""
    function = clients.function(WORK)
    clients.invoke(function)

    failure, failed = clients.invoke(function, "fail")
    assert failed
    assert failure["errorType"] == "Weird"
    assert "raise Weird" in failure["stackTrace"][-1]

    answer, _ = clients.invoke(function)
    assert answer["calls"] == 3
    assert not answer["leaked"]
    assert fastest(lambda: clients.invoke(function)) < 0.03

    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(lambda _: clients.invoke(function, "slow"), range(12)))
    assert len({found["pid"] for found, _ in answers}) <= 8


def check_lambda_log_streams(clients: Clients) -> None:
    """Two calls of one environment share a log stream."""
    function = clients.function("def handler(event, context): print('line of', event)")
    clients.invoke(function, 1)
    clients.invoke(function, 2)
    logs = clients.client("logs")
    group = f"/aws/lambda/{function.rsplit(':', 1)[1]}"

    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert len(streams) == 1
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"])["events"]
    assert [found["message"] for found in events if found["message"].startswith("line")] == [
        "line of 1",
        "line of 2",
    ]


def check_lambda_dead_letters(clients: Clients) -> None:
    """The dead-letter queue gets the event itself."""
    queue, arn = clients.queue()
    function = clients.function(FAIL, DeadLetterConfig={"TargetArn": arn})
    no_retries(clients, function)
    clients.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload='{"order": 7}')

    message = clients.received(queue)
    assert json.loads(message["Body"]) == {"order": 7}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "refused"


def no_retries(clients: Clients, function: str) -> None:
    clients.client("lambda").put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)


def check_events_async(clients: Clients) -> None:
    """A rule's target is invoked asynchronously, so what fails reaches the dead-letter queue."""
    queue, arn = clients.queue()
    function = clients.function(FAIL, DeadLetterConfig={"TargetArn": arn})
    no_retries(clients, function)
    source = unique("source")
    rule(clients, {"source": [source]}, function)
    clients.client("events").put_events(Entries=[{"Source": source, "DetailType": "t", "Detail": "{}"}])

    assert source in clients.received(queue)["Body"]


PARTIAL = """
def handler(event, context):
    bad = [r for r in event["Records"] if "bad" in r["dynamodb"]["Keys"]["pk"]["S"]]
    return {"batchItemFailures": [{"itemIdentifier": r["dynamodb"]["SequenceNumber"]} for r in bad]}
"""


def check_stream_batches(clients: Clients) -> None:
    """A record that a function reports as failed is retried as allowed, then given up to the queue."""
    queue, arn = clients.queue()
    table = clients.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    dynamodb = clients.client("dynamodb")
    clients.client("lambda").create_event_source_mapping(
        FunctionName=clients.function(PARTIAL),
        EventSourceArn=dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": arn}},
    )
    for key in ("good", "bad"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": key}, "sk": {"S": "-"}})

    given_up = json.loads(clients.received(queue)["Body"])
    assert given_up["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert given_up["DDBStreamBatchInfo"]["batchSize"] == 1


def check_scheduler_times(clients: Clients) -> None:
    """A one-time schedule fires on the second of its zone, and its placeholders are replaced."""
    queue, arn = clients.queue()
    # The clock of this machine is what the emulator goes by.
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)  # noqa: TID251 - see above
    local = moment.astimezone(ZoneInfo("Europe/Rome"))
    clients.client("scheduler").create_schedule(
        Name=unique("schedule"),
        ScheduleExpression=f"at({local:%Y-%m-%dT%H:%M:%S})",
        ScheduleExpressionTimezone="Europe/Rome",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": '{"at": "<aws.scheduler.scheduled-time>"}'},
    )

    assert json.loads(clients.received(queue)["Body"]) == {"at": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}


def check_dynamodb_leading_keys(clients: Clients) -> None:
    """Who may write the items of some partitions may not write those of others, alone or among others."""
    table = unique("partitions")
    clients.client("dynamodb").create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
    )
    condition = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MINE#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    user = clients.allowed(
        {"Effect": "Allow", "Action": "dynamodb:*Item", "Resource": "*", "Condition": condition}
    )
    dynamodb = user.client("dynamodb")

    def denied(operation: str, **request: Json) -> bool:
        try:
            getattr(dynamodb, operation)(**request)
        except dynamodb.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"]) == "AccessDeniedException"
        return False

    for partitions, refused in ((["MINE#1", "MINE#2"], False), (["MINE#1", "OTHER#1"], True)):
        keys = [{"PK": {"S": partition}} for partition in partitions]
        for verb in ("update", "get", "delete"):
            assert denied(f"{verb}_item", TableName=table, Key=keys[-1]) is refused, verb
        assert denied("put_item", TableName=table, Item=keys[-1]) is refused
        puts = [{"Put": {"TableName": table, "Item": key}} for key in keys]
        assert denied("transact_write_items", TransactItems=puts) is refused
        writes = {table: [{"PutRequest": {"Item": key}} for key in keys]}
        assert denied("batch_write_item", RequestItems=writes) is refused
        assert denied("batch_get_item", RequestItems={table: {"Keys": keys}}) is refused


def check_scheduler_resources(clients: Clients) -> None:
    """Who may act on the schedules of one group may not on those of another."""
    for group in ("mine", "other"):
        clients.client("scheduler").create_schedule_group(Name=group)
    schedules = "arn:aws:scheduler:us-east-1:000000000000:schedule/mine/*"
    user = clients.allowed(
        {"Effect": "Allow", "Action": "scheduler:*", "Resource": schedules},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
    )
    scheduler = user.client("scheduler")

    def denied(operation: str, **settings: Json) -> bool:
        try:
            getattr(scheduler, operation)(Name="s", **settings)
        except scheduler.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"]) == "AccessDeniedException"
        return False

    timed = {"ScheduleExpression": "cron(0 9 * * ? *)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    target = {"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": ROLE}
    for group, refused in (("mine", False), ("other", True)):
        assert denied("create_schedule", GroupName=group, Target=target, **timed) is refused
        assert denied("get_schedule", GroupName=group) is refused
        assert denied("delete_schedule", GroupName=group) is refused
    assert denied("create_schedule", Target=target, **timed)


def check_ses_resources(clients: Clients) -> None:
    """Who may send as one identity may not send as another."""
    identity = "arn:aws:ses:us-east-1:000000000000:identity/mine@example.com"
    ses = clients.allowed({"Effect": "Allow", "Action": "ses:SendEmail", "Resource": identity}).client(
        "sesv2"
    )

    def denied(sender: str) -> bool:
        try:
            ses.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": ["to@example.com"]},
                Content={"Raw": {"Data": b"Subject: Hi\r\n\r\nhi"}},
            )
        except ses.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"]) == "AccessDeniedException"
        return False

    assert not denied("mine@example.com")
    assert denied("other@example.com")


def check_dynamodb_conditions(clients: Clients) -> None:
    """A page of a partition of 3,000 items costs no parsing for each of them."""
    dynamodb, table = clients.client("dynamodb"), clients.table()
    for start in range(0, 3_000, 25):
        items = [{"pk": {"S": "p"}, "sk": {"S": f"k{number:05}"}} for number in range(start, start + 25)]
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})
    query = {
        "TableName": table,
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :s)",
        "ExpressionAttributeValues": {":p": {"S": "p"}, ":s": {"S": "k"}},
        "Limit": 10,
    }

    assert cpu_ratio(clients, lambda: dynamodb.query(**query)) < 4  # without the fix 9, with it 2


def check_api_payload_limit(clients: Clients) -> None:
    """9.9 MiB reach the function, 10.5 MiB are answered 413."""
    api = clients.http_api(clients.function(LENGTH), "$default")
    answers = [post(clients, api, "a" * int(mebibytes * 2**20)) for mebibytes in (9.9, 10.5)]

    assert [answer.status_code for answer in answers] == [200, 413]
    assert answers[0].text == str(int(9.9 * 2**20))


def post(clients: Clients, api: str, body: str) -> httpx.Response:
    url = f"{clients.endpoint}/_aws/execute-api/{api}/$default/"
    return httpx.post(url, content=body, headers={"content-type": "application/json"}, timeout=30)


def check_api_function_error(clients: Clients) -> None:
    """A caller learns nothing of the function's failure."""
    api = clients.http_api(clients.function(FAIL), "$default")
    answer = post(clients, api, "{}")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
