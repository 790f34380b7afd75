"""What several tests build: function texts, states, rules."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.integration.emulator.aws import Clients, Json, unique

WORK = """
import os, time
calls = 0
class Weird(Exception): pass
def handler(event, context):
    global calls
    calls += 1
    if event == "fail": raise Weird("no luck")
    if event == "slow": time.sleep(0.3)
    return {"calls": calls, "pid": os.getpid(), "leaked": "STATE_DIR" in os.environ}
"""
ECHO = "def handler(event, context): return event"
FAIL = "def handler(event, context): raise ValueError('refused')"
LENGTH = "def handler(event, context): return {'statusCode': 200, 'body': str(len(event['body']))}"
PASS = {"Type": "Pass", "End": True}


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def rule(clients: Clients, pattern: dict[str, Any], target: str) -> None:
    events, name = clients.client("events"), unique("rule")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "target", "Arn": target}])


def branch(*states: dict[str, Any]) -> dict[str, Any]:
    """Make a branch of states in a row."""
    following: list[dict[str, Any]] = [{"Next": f"S{number}"} for number in range(1, len(states))]
    following.append({} if states[-1]["Type"] == "Fail" else {"End": True})
    bare = [{name: value for name, value in state.items() if name != "End"} for state in states]
    chained = {f"S{number}": {**bare[number], **after} for number, after in enumerate(following)}
    return {"StartAt": "S0", "States": chained}


def task(function: str, **fields: Json) -> dict[str, Any]:
    """Make a Task state that calls a function."""
    arguments = {"FunctionName": function, "Payload": "{% $states.input %}"}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": arguments,
        "End": True,
        **fields,
    }


def callback(queue: str, **fields: Json) -> dict[str, Any]:
    """Make a Task state that sends its token to a queue and waits."""
    message = {"token": "{% $states.context.Task.Token %}"}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": queue, "MessageBody": message},
        "End": True,
        **fields,
    }
