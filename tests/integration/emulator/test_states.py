"""Step Functions: what compiled machines use beyond the fixes."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.integration.emulator.aws import ROLE, Clients, unique
from tests.integration.emulator.parts import ECHO, FAIL, callback, rule, task

pytestmark = pytest.mark.emulator

EVENT_SECONDS = 0.1


def _definition(output: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "A",
            "States": {"A": {"Type": "Pass", "Output": output, "End": True}},
        }
    )


def test_creating_the_same_machine_again_gives_its_arn(clients: Clients) -> None:
    states, name = clients.client("stepfunctions"), unique("machine")
    first = states.create_state_machine(name=name, definition=_definition(1), roleArn=ROLE)
    again = states.create_state_machine(name=name, definition=_definition(1), roleArn=f"{ROLE}-other")

    assert again["stateMachineArn"] == first["stateMachineArn"]
    with pytest.raises(states.exceptions.StateMachineAlreadyExists):
        states.create_state_machine(name=name, definition=_definition(2), roleArn=ROLE)


@pytest.mark.parametrize(("value", "expected"), [(1, "one"), (7, "many"), (0, "none")])
def test_a_choice_takes_the_first_rule_that_holds(clients: Clients, value: int, expected: str) -> None:
    rules = [("{% $states.input.n = 1 %}", "one"), ("{% $states.input.n > 1 %}", "many")]
    ended = clients.run(
        {
            "C": {
                "Type": "Choice",
                "Choices": [{"Condition": c, "Next": n} for c, n in rules],
                "Default": "none",
            },
            **{name: {"Type": "Pass", "Output": name, "End": True} for name in ("one", "many", "none")},
        },
        {"n": value},
    )

    assert json.loads(ended["output"]) == expected


def test_a_retried_task_knows_its_retry_count(clients: Clients) -> None:
    function = clients.function("def handler(event, context):\n    assert event >= 2\n    return event")
    state = task(
        function, Retry=[{"ErrorEquals": ["AssertionError"], "IntervalSeconds": 1, "BackoffRate": 1}]
    )
    state["Arguments"]["Payload"] = "{% $states.context.State.RetryCount %}"
    ended = clients.run({"T": state})

    assert json.loads(ended["output"])["Payload"] == 2


def test_a_caught_error_carries_type_and_trace(clients: Clients) -> None:
    catch = {"ErrorEquals": ["ValueError"], "Next": "C", "Output": "{% $parse($states.errorOutput.Cause) %}"}
    ended = clients.run(
        {"T": task(clients.function(FAIL), Catch=[catch]), "C": {"Type": "Pass", "End": True}}
    )

    cause = json.loads(ended["output"])
    assert (cause["errorType"], cause["errorMessage"]) == ("ValueError", "refused")
    assert "refused" in cause["stackTrace"][-1]


PRESENT = """
import os, pathlib, time, uuid
def handler(folder, context):
    here = pathlib.Path(folder, str(uuid.uuid4()))
    here.touch()
    until, most = time.monotonic() + 1, 1
    while most < 2 and time.monotonic() < until:
        most = len(os.listdir(folder))
        time.sleep(0.01)
    time.sleep(0.2)
    most = max(most, len(os.listdir(folder)))
    here.unlink()
    return most
"""


def test_max_concurrency_bounds_a_map(clients: Clients, tmp_path: Path) -> None:
    """Each iteration tells how many it has seen at once."""
    count = {
        "StartAt": "T",
        "States": {"T": task(clients.function(PRESENT), Output="{% $states.result.Payload %}")},
    }
    bounded = {"Type": "Map", "Items": [str(tmp_path)] * 4, "MaxConcurrency": 2, "ItemProcessor": count}
    ended = clients.run({"M": {**bounded, "End": True}})

    assert max(json.loads(ended["output"])) == 2


def test_a_callback_task_times_out(clients: Clients) -> None:
    queue, _ = clients.queue()
    ended = clients.run({"T": callback(queue, TimeoutSeconds=1)})

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")


def test_a_callback_task_returns_what_was_sent(clients: Clients) -> None:
    queue, _ = clients.queue()
    execution = clients.start(clients.machine({"T": callback(queue, TimeoutSeconds=60)}))
    token = json.loads(clients.received(queue)["Body"])["token"]
    clients.client("stepfunctions").send_task_success(taskToken=token, output='{"form": "filled"}')

    assert json.loads(clients.ended(execution)["output"]) == {"form": "filled"}


FAILING = {"F": {"Type": "Fail", "Error": "Bad", "Cause": "because"}}
WAITING = {"W": {"Type": "Wait", "Seconds": 60, "End": True}}


@pytest.mark.parametrize(
    ("states", "top", "status", "error"),
    [
        ({"A": {"Type": "Pass", "End": True}}, {}, "SUCCEEDED", None),
        (FAILING, {}, "FAILED", "Bad"),
        (WAITING, {"TimeoutSeconds": 1}, "TIMED_OUT", "States.Timeout"),
        (WAITING, {}, "RUNNING", None),
    ],
    ids=["succeeded", "failed", "timed out", "running"],
)
def test_a_rule_hears_of_each_status_at_once(
    clients: Clients, states: dict[str, Any], top: dict[str, Any], status: str, error: str | None
) -> None:
    queue, target = clients.queue()
    machine = clients.machine(states, **top)
    detail = {"stateMachineArn": [machine], "status": [status]}
    rule(clients, {"source": ["aws.states"], "detail": detail}, target)
    execution = clients.start(machine, {"a": 1})

    found = json.loads(clients.received(queue)["Body"])["detail"]
    described = clients.execution(execution)
    assert (found["executionArn"], found["status"], found["error"]) == (execution, status, error)
    assert json.loads(found["input"]) == {"a": 1}
    assert abs(found["startDate"] / 1000 - described["startDate"].timestamp()) < 0.01
    assert found["output"] == (described["output"] if status == "SUCCEEDED" else None)


def test_a_status_event_reaches_its_function_within_a_tenth_of_a_second(clients: Clients) -> None:
    queue, _ = clients.queue()
    code = (
        "import boto3, time\nsqs = boto3.client('sqs')\n"
        "def handler(event, context):\n    now = str(time.time() * 1000)\n"
        f"    sqs.send_message(QueueUrl='{queue}', MessageBody=now)\n    return event"
    )
    function = clients.function(code)
    clients.invoke(function)
    clients.received(queue)
    machine = clients.machine({"A": {"Type": "Pass", "End": True}})
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": [machine], "status": ["SUCCEEDED"]}}
    rule(clients, pattern, function)
    delays = []
    for _ in range(3):
        stopped = clients.ended(clients.start(machine))["stopDate"].timestamp()
        delays.append(float(clients.received(queue)["Body"]) / 1000 - stopped)

    assert min(delays) < EVENT_SECONDS


def test_many_executions_at_once_all_end(clients: Clients) -> None:
    machine = clients.machine({"T": task(clients.function(ECHO))})
    with ThreadPoolExecutor(16) as starters:
        executions = list(starters.map(lambda number: clients.start(machine, number), range(64)))

    outputs = [json.loads(clients.ended(execution)["output"])["Payload"] for execution in executions]
    assert outputs == list(range(64))
