"""What several tests build: function texts, states, rules."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psutil

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


def fastest(call: Callable[[], object]) -> float:
    """Tell how many seconds the fastest of twelve calls took: what else a machine does counts least in it."""

    def timed() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    return min(timed() for _ in range(12))


def cpu_ratio(clients: Clients, call: Callable[[], object]) -> float:
    """Tell how much of a processor the emulator takes for a call, beside a loop of a million turns here.

    Both grow alike on slow and on busy machines, as the time that passes does not.
    """
    port = urlsplit(clients.endpoint).port
    process = next(
        psutil.Process(each.pid)
        for each in psutil.net_connections("tcp")
        if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
    )
    before = process.cpu_times()
    for _ in range(20):
        call()
    after, turned = process.cpu_times(), time.process_time()
    for _ in range(1_000_000):
        pass
    loop = time.process_time() - turned
    return float(after.user + after.system - before.user - before.system) / 20 / loop


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
