"""Lambda: concurrency, failures of the runtime, asynchronous calls."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.integration.emulator.aws import Clients, eventually
from tests.integration.emulator.parts import WORK

pytestmark = pytest.mark.emulator

RECURSIVE = """
import boto3, json
client = boto3.client("lambda")
def handler(event, context):
    if event == 0: return 1
    answer = client.invoke(FunctionName=context.function_name, Payload=json.dumps(event - 1))
    return 1 + json.loads(answer["Payload"].read())
"""
CONTEXT = """
import os
def handler(event, context):
    remaining = 0 < context.get_remaining_time_in_millis() <= 20000
    return [context.function_name, context.memory_limit_in_mb, context.invoked_function_arn,
            bool(context.aws_request_id), context.log_group_name, remaining,
            os.environ["AWS_LAMBDA_FUNCTION_NAME"], os.environ["MODE"]]
"""
MEET = """
import os, pathlib, time, uuid
def handler(folder, context):
    pathlib.Path(folder, str(uuid.uuid4())).touch()
    until = time.monotonic() + 15
    while len(os.listdir(folder)) < 8:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
"""


def test_eight_calls_run_side_by_side(clients: Clients, tmp_path: Path) -> None:
    """Each waits for the others; one after another they would wait in vain."""
    function = clients.function(MEET)
    with ThreadPoolExecutor(8) as callers:
        met = list(callers.map(lambda _: clients.invoke(function, str(tmp_path))[0], range(8)))

    assert met == [True] * 8


def test_a_function_may_call_itself(clients: Clients) -> None:
    assert clients.invoke(clients.function(RECURSIVE), 3) == (4, False)


@pytest.mark.parametrize(
    ("code", "error_type", "said"),
    [
        ("import nothing_like_this", "Runtime.ImportModuleError", "Unable to import module 'app'"),
        (
            "def other(event, context): pass",
            "Runtime.HandlerNotFound",
            "Handler 'handler' missing on module 'app'",
        ),
        (
            "def handler(event, context) return 1",
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'app'",
        ),
        ("import os\ndef handler(event, context): os._exit(3)", "Runtime.ExitError", "exit status 3"),
        ("def handler(event, context): return {1, 2}", "Runtime.MarshalError", "Unable to marshal response"),
        ("def handler(event, context): return 'x' * 7_000_000", "Function.ResponseSizeTooLarge", "exceeded"),
        (
            "import time\ndef handler(event, context): time.sleep(9)",
            "Sandbox.Timedout",
            "timed out after 1.00",
        ),
    ],
    ids=["import", "handler", "syntax", "exit", "marshal", "size", "timeout"],
)
def test_what_the_runtime_cannot_do_has_the_name_aws_gives_it(
    clients: Clients, code: str, error_type: str, said: str
) -> None:
    answer, failed = clients.invoke(clients.function(code, Timeout=1))

    assert failed
    assert answer["errorType"] == error_type
    assert said in answer["errorMessage"]


def test_new_code_is_used_by_the_next_call(clients: Clients) -> None:
    function = clients.function("def handler(event, context): return 'old'")
    assert clients.invoke(function) == ("old", False)
    name = function.rsplit(":", 1)[1]
    clients.client("lambda").update_function_configuration(
        FunctionName=name, Environment={"Variables": {"MODE": "changed"}}
    )
    archive = clients.client("lambda").get_function(FunctionName=name)["Configuration"]

    assert archive["Environment"]["Variables"] == {"MODE": "changed"}
    assert clients.invoke(function) == ("old", False)


def test_the_context_is_complete(clients: Clients) -> None:
    function = clients.function(CONTEXT, Environment={"Variables": {"MODE": "test"}}, MemorySize=256)
    name = function.rsplit(":", 1)[1]

    answer, _ = clients.invoke(function)
    assert answer == [name, "256", function, True, f"/aws/lambda/{name}", True, name, "test"]


def test_an_asynchronous_call_is_retried_then_reported_to_its_destination(clients: Clients) -> None:
    queue, arn = clients.queue()
    function = clients.function(WORK)
    clients.client("lambda").put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": arn}},
    )
    clients.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload='"fail"')

    record: dict[str, Any] = json.loads(clients.received(queue)["Body"])
    assert record["requestPayload"] == "fail"
    assert record["responsePayload"]["errorType"] == "Weird"
    assert clients.invoke(function)[0]["calls"] == 3


def test_idle_surplus_is_not_needed_to_answer(clients: Clients) -> None:
    function = clients.function(WORK)
    pids = {clients.invoke(function)[0]["pid"] for _ in range(10)}

    assert len(pids) == 1


def test_a_layer_is_importable(clients: Clients) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("python/layered.py", "VALUE = 42")
    layer = clients.client("lambda").publish_layer_version(
        LayerName="layered", Content={"ZipFile": archive.getvalue()}
    )
    function = clients.function(
        "import layered\ndef handler(event, context): return layered.VALUE", Layers=[layer["LayerVersionArn"]]
    )

    assert eventually(lambda: clients.invoke(function)[0]) == 42
