"""One check per fix of Step Functions."""

import json
import time
from collections.abc import Callable

from botocore.exceptions import ClientError

from tests.integration.emulator.aws import Clients, eventually, unique
from tests.integration.emulator.parts import FAIL, PASS, branch, callback, fastest, rule, task


def check_sfn_start_delay(clients: Clients) -> None:
    """An execution of one Pass state takes no 150 ms."""
    machine = clients.machine({"A": PASS})

    assert fastest(lambda: clients.ended(clients.start(machine))) < 0.12


def check_sfn_status_events(clients: Clients) -> None:
    """The event of an aborted execution says why."""
    queue, arn = clients.queue()
    machine = clients.machine({"A": {"Type": "Wait", "Seconds": 60, "End": True}})
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": [machine], "status": ["ABORTED"]}}
    rule(clients, pattern, arn)
    execution = clients.start(machine)
    clients.client("stepfunctions").stop_execution(
        executionArn=execution, error="Stopped", cause="by a person"
    )

    detail = json.loads(clients.received(queue)["Body"])["detail"]
    assert detail["executionArn"] == execution
    assert (detail["error"], detail["cause"]) == ("Stopped", "by a person")
    assert detail["stopDate"] >= detail["startDate"] > 1_700_000_000_000


def check_sfn_assign(clients: Clients) -> None:
    """Swapping two variables in one block works."""
    ended = clients.run(
        {
            "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
            "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "C"},
            "C": {"Type": "Pass", "Output": "{% [$x, $y] %}", "End": True},
        }
    )

    assert json.loads(ended["output"]) == [2, 1]


def check_sfn_parallel(clients: Clients) -> None:
    """Variables stay in their branch, Arguments and Output count, one failure ends the state at once."""
    adding = branch(
        {"Type": "Pass", "Assign": {"mine": "{% $states.input.n + $outer %}"}},
        {"Type": "Wait", "Seconds": 0},
        {"Type": "Pass", "Output": "{% $mine %}"},
    )
    multiplying = json.loads(json.dumps(adding).replace("n + $outer", "n * 100"))
    ended = clients.run(
        {
            "A": {"Type": "Pass", "Assign": {"outer": 1}, "Next": "P"},
            "P": {
                "Type": "Parallel",
                "Arguments": {"n": 5},
                "Branches": [adding, multiplying],
                "Output": "{% {'sum': $sum($states.result), 'leaked': $exists($mine)} %}",
                "End": True,
            },
        }
    )
    assert json.loads(ended["output"]) == {"sum": 506, "leaked": False}

    slow, failing = branch({"Type": "Wait", "Seconds": 90}), branch({"Type": "Fail", "Error": "Bad"})
    ended = clients.run({"P": {"Type": "Parallel", "Branches": [slow, failing], "End": True}})
    assert (ended["status"], ended["error"]) == ("FAILED", "Bad")


def check_sfn_map(clients: Clients) -> None:
    """A failed iteration ends the Map without waiting for the others."""
    states = {
        "C": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input = 1 %}", "Next": "F"}],
            "Default": "W",
        },
        "F": {"Type": "Fail", "Error": "Bad"},
        "W": {"Type": "Wait", "Seconds": 90, "End": True},
    }
    ended = clients.run(
        {
            "M": {
                "Type": "Map",
                "Items": [0, 1],
                "ItemProcessor": {"StartAt": "C", "States": states},
                "End": True,
            }
        }
    )

    assert (ended["status"], ended["error"]) == ("FAILED", "Bad")


def check_sfn_distributed_map(clients: Clients) -> None:
    """Items, ItemSelector and Output of a distributed Map are expressions."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "D",
        "States": {"D": {"Type": "Pass", "Output": "{% $states.input.n * 2 %}", "End": True}},
    }
    ended = clients.run(
        {
            "M": {
                "Type": "Map",
                "Items": "{% $states.input.list %}",
                "ItemSelector": {"n": "{% $states.context.Map.Item.Value + 1 %}"},
                "ItemProcessor": processor,
                "Output": "{% $sum($states.result) %}",
                "End": True,
            }
        },
        {"list": [1, 2, 3]},
    )

    assert json.loads(ended["output"]) == 18


LATE_FAILURE = "import time\ndef handler(event, context):\n    time.sleep(0.4)\n    raise ValueError('late')"


def check_sfn_final_status(clients: Clients) -> None:
    """A task that fails after the stop leaves ABORTED as it is."""
    execution = clients.start(clients.machine({"T": task(clients.function(LATE_FAILURE))}))
    eventually(lambda: len(history(clients, execution)) >= 3)
    clients.client("stepfunctions").stop_execution(executionArn=execution)
    eventually(lambda: history(clients, execution)[-1] in ("TaskFailed", "ExecutionFailed"))
    time.sleep(0.05)

    assert clients.execution(execution)["status"] == "ABORTED"


def history(clients: Clients, execution: str) -> list[str]:
    events = clients.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    return [event["type"] for event in events]


def check_sfn_interrupts(clients: Clients) -> None:
    """After a stop, no branch goes on."""
    queue, _ = clients.queue()
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": queue, "MessageBody": "still here"},
    }
    sending = branch({"Type": "Wait", "Seconds": 1}, send)
    execution = clients.start(
        clients.machine({"P": {"Type": "Parallel", "Branches": [sending, sending], "End": True}})
    )
    clients.client("stepfunctions").stop_execution(executionArn=execution)
    time.sleep(1.3)

    assert clients.is_empty(queue)


def check_sfn_nested_history(clients: Clients) -> None:
    """States of branches and iterations are in the history, each event with an id of its own."""
    body = branch({"Type": "Pass"}, {"Type": "Pass"})
    loop = {"StartAt": body["StartAt"], "States": body["States"]}
    machine = clients.machine(
        {
            "P": {"Type": "Parallel", "Branches": [body, body], "Next": "M"},
            "M": {"Type": "Map", "Items": [1, 2, 3], "ItemProcessor": loop, "End": True},
        }
    )
    execution = clients.start(machine)
    clients.ended(execution)
    events = clients.client("stepfunctions").get_execution_history(executionArn=execution)["events"]

    entered = [one for one in events if "stateEnteredEventDetails" in one]
    assert len(entered) == 2 + (2 + 3) * 2
    assert sorted(one["id"] for one in events) == list(range(1, len(events) + 1))


def check_sfn_succeed_output(clients: Clients) -> None:
    """Succeed makes the output of the execution."""
    ended = clients.run({"S": {"Type": "Succeed", "Output": {"sum": "{% 1 + 2 %}"}}})

    assert json.loads(ended["output"]) == {"sum": 3}


def check_sfn_retry(clients: Clients) -> None:
    """MaxDelaySeconds bounds the wait: 1 s and 1 s instead of 1 s and 20 s."""
    retry = {
        "ErrorEquals": ["ValueError"],
        "IntervalSeconds": 1,
        "BackoffRate": 20,
        "MaxDelaySeconds": 1,
        "MaxAttempts": 2,
    }
    ended = clients.run({"T": task(clients.function(FAIL), Retry=[retry])})

    assert ended["error"] == "ValueError"


def check_sfn_machine_timeout(clients: Clients) -> None:
    """A machine's TimeoutSeconds ends its execution."""
    ended = clients.run({"W": {"Type": "Wait", "Seconds": 30, "End": True}}, TimeoutSeconds=1)

    assert (ended["status"], ended["error"]) == ("TIMED_OUT", "States.Timeout")


def check_sfn_heartbeat(clients: Clients) -> None:
    """A callback task without heartbeats fails; one heartbeat buys one more interval."""
    queue, _ = clients.queue()
    execution = clients.start(clients.machine({"T": callback(queue, HeartbeatSeconds=1)}))
    token = json.loads(clients.received(queue)["Body"])["token"]
    start = time.monotonic()
    time.sleep(0.6)
    clients.client("stepfunctions").send_task_heartbeat(taskToken=token)
    ended = clients.ended(execution)

    assert ended["error"] == "States.HeartbeatTimeout"
    assert time.monotonic() - start > 1.4


def check_sfn_callback_failure(clients: Clients) -> None:
    """An error of the function fails the callback task."""
    state = task(clients.function(FAIL)) | {"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"}
    ended = clients.run({"T": state})

    assert (ended["status"], ended["error"]) == ("FAILED", "ValueError")


def check_sfn_task_limits(clients: Clients) -> None:
    """A token is answered once; results are limited; a timeout may be an expression."""
    queue, _ = clients.queue()
    states = clients.client("stepfunctions")
    execution = clients.start(
        clients.machine({"T": callback(queue, TimeoutSeconds="{% $states.input.t %}")}), {"t": 60}
    )
    token = json.loads(clients.received(queue)["Body"])["token"]
    states.send_task_success(taskToken=token, output="1")
    assert code(lambda: states.send_task_success(taskToken=token, output="2")) == "TaskTimedOut"
    assert clients.ended(execution)["output"] == "1"

    big = clients.run({"T": task(clients.function("def handler(event, context): return 'x' * 300_000"))})
    assert big["error"] == "States.DataLimitExceeded"


def code(call: Callable[[], object]) -> str:
    try:
        call()
    except ClientError as exc:
        return str(exc.response["Error"]["Code"])
    return "none"


def check_sfn_idempotent_start(clients: Clients) -> None:
    """The same start while it runs gives the same execution; other input, or after the end, is refused."""
    machine, name = clients.machine({"W": {"Type": "Wait", "Seconds": 60, "End": True}}), unique("run")
    states = clients.client("stepfunctions")
    first = clients.start(machine, {"a": 1}, name=name)
    assert code(lambda: clients.start(machine, {"a": 1}, name=name)) == "none"
    assert clients.start(machine, {"a": 1}, name=name) == first
    assert code(lambda: clients.start(machine, {"a": 2}, name=name)) == "ExecutionAlreadyExists"

    states.stop_execution(executionArn=first)
    assert code(lambda: clients.start(machine, {"a": 1}, name=name)) == "ExecutionAlreadyExists"
