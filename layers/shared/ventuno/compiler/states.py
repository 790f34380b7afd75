"""One plan node → one state, in JSONata mode; names are given, nesting is done by `asl`.

No author text ever enters a state: a step is named by its id, a branch by its index,
so nothing an author writes can become an expression.
Between states travel `answers` (of pure steps), `it` (the iteration, in loops), `live` (after a fork)
and `rounds` (in parts that run in rounds); a run's outputs never do.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ventuno import errors
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER, EndKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.compiler.plan import (
        Answer,
        AnswerValue,
        AwaitForm,
        CallStep,
        End,
        EndByAnswer,
        ReadAnswers,
        WaitUntil,
    )

    State = dict[str, Any]

TASK_TIMEOUT_SECONDS = 900  # the longest a Lambda call can last
_INVOKE = "arn:aws:states:::lambda:invoke"
_TRANSIENT = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
]


def call(node: CallStep, *, looped: bool, begins: bool) -> State:
    """Write a call of step_runner."""
    payload = "$states.result.Payload"
    output: Any = {"answers": f"{{% {payload}.answers %}}"}
    return {
        "Type": "Task",
        "Resource": _INVOKE,
        "Arguments": {
            "FunctionName": STEP_RUNNER_PLACEHOLDER,
            "Payload": _payload(node, looped=looped, begins=begins),
        },
        "Output": output | carried(looped=looped),
        "TimeoutSeconds": TASK_TIMEOUT_SECONDS,
        "Retry": retry(node.retries),
    }


_EXPIRED = {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}
"""Called once more after its time, a form is stored as expired, and goes on if its author wants that."""


def form(node: AwaitForm, *, looped: bool, begins: bool) -> State:
    """Write the wait for a form; the token goes to the function and never further."""
    payload = _payload(node, looped=looped, begins=begins) | {"token": "{% $states.context.Task.Token %}"}
    output: Any = {"answers": "{% $states.result.answers %}"}
    return {
        "Type": "Task",
        "Resource": f"{_INVOKE}.waitForTaskToken",
        "Arguments": {"FunctionName": STEP_RUNNER_PLACEHOLDER, "Payload": payload},
        "Output": output | carried(looped=looped),
        "TimeoutSeconds": node.timeout_seconds,
        "Retry": [*retry(node.retries), _EXPIRED],
    }


def _payload(node: CallStep | AwaitForm, *, looped: bool, begins: bool) -> State:
    payload = _of_run() | {"step": node.step_id}
    if looped:
        payload["iteration"] = "{% $states.input.it %}"
    if begins:
        payload["begins"] = True
    if node.rides:
        payload["rides"] = list(node.rides)
    return payload


def carried(*, looped: bool) -> State:
    """Write the field that later states need beside the result."""
    return {"it": "{% $states.input.it %}"} if looped else {}


TOLD_FAILURES = [
    error.__name__
    for error in (errors.StepFailedError, errors.IterationFailedError, errors.RunNotRunningError)
]
"""Errors with which step_runner tells of a failure; after any other its call was lost."""


def caught(next_name: str, output: State) -> list[State]:
    """Write the way on after a failure; the error itself is stored with the step."""
    return [{"ErrorEquals": ["States.ALL"], "Output": output, "Next": next_name}]


def caught_call(
    node: CallStep | AwaitForm, name: str, next_name: str, lost_name: str, *, looped: bool
) -> list[State]:
    """Write the ways on after a failure of a step that is stored, and after a call that was lost."""
    fields = carried(looped=looped)
    lost = {"step": node.step_id, "rides": list(node.rides), "back": name, **broken()}
    return [
        {"ErrorEquals": TOLD_FAILURES, "Output": fields, "Next": next_name},
        {"ErrorEquals": ["States.ALL"], "Output": fields | {"lost": lost}, "Next": lost_name},
    ]


def broken() -> State:
    """Write what is told of a call that was lost."""
    cause = "$substring($states.errorOutput.Cause, 0, 1000)"
    return {"broken": {"error": "{% $states.errorOutput.Error %}", "cause": f"{{% '' & {cause} %}}"}}


class LostNames(NamedTuple):
    """The names of the states of a scope for calls that were lost."""

    told: str
    wait: str
    back: str


def lost(names: LostNames, failed: str, calls: Iterable[str], *, looped: bool) -> dict[str, State]:
    """Write what follows a call that was lost, once for a whole scope; `calls` are the names of their states.

    A call stores that it was lost. If that fails for good, the way on is the one after failures, else the
    state that made the call makes it again once the step's next try is due, or finds that it is passed over.
    """
    fields = carried(looped=looped)
    given = {key: f"{{% $states.input.lost.{key} %}}" for key in ("step", "rides", "broken")}
    payload = _of_run() | given | ({"iteration": "{% $states.input.it %}"} if looped else {})
    again = {"at": "{% $states.result.Payload.at %}", "back": "{% $states.input.lost.back %}"}
    told = {
        "Type": "Task",
        "Resource": _INVOKE,
        "Arguments": {"FunctionName": STEP_RUNNER_PLACEHOLDER, "Payload": payload},
        "Output": fields | again,
        "TimeoutSeconds": TASK_TIMEOUT_SECONDS,
        "Retry": retry(0),
        "Catch": caught(failed, fields),
        "Next": names.wait,
    }
    return {
        names.told: told,
        names.wait: {"Type": "Wait", "Timestamp": "{% $states.input.at %}", "Next": names.back},
        names.back: choice({f"$states.input.back = '{name}'": name for name in calls}),
    }


def _of_run() -> State:
    return {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
    }


def retry(retries: int) -> list[State]:
    """Retry what the author asked for after 1, 5 and 15 s, and what the platform failed at in any case."""
    asked: State = {
        "ErrorEquals": [errors.RetryLaterError.__name__],
        "IntervalSeconds": 1,
        "BackoffRate": 5.0,
        "MaxDelaySeconds": 15,
        "MaxAttempts": retries,
    }
    names = [
        name for name in errors.leaf_names(errors.RetryableStepError) if name not in asked["ErrorEquals"]
    ]
    platform: State = {
        "ErrorEquals": [*names, *_TRANSIENT],
        "IntervalSeconds": 1,
        "BackoffRate": 2.0,
        "MaxDelaySeconds": 30,
        "MaxAttempts": 6,
        "JitterStrategy": "FULL",
    }
    return [asked, platform] if retries else [platform]


def parallel(branches: list[State], ended: State | None, *, looped: bool) -> State:
    """Write a fork: it waits for all branches, and fails after them if a step in one of them failed.

    `ended` is what it hands on where it ends its scope.
    """
    fields = "{'live': true in $states.result.live" + (", 'it': $states.input.it}" if looped else "}")
    handed = fields if ended is None else json.dumps(ended)
    failed = "$exists($states.result.failed)"
    output = f"{{% {failed} ? $error('a step in a branch failed') : {handed} %}}"
    return {"Type": "Parallel", "Branches": branches, "Output": output}


def wait(node: WaitUntil) -> State:
    """Write a wait for the instant that is the step's answer."""
    return {"Type": "Wait", "Timestamp": f"{{% $states.input.answers.`{node.step_id}` %}}"}


def read_answers(node: ReadAnswers, names: Mapping[str, str]) -> State:
    """Write the reading of what pure steps came to."""
    return choice({_answered(answer): names[answer.next] for answer in node.answers})


def read_live(live: str, dead: str) -> State:
    """Write the question whether a join is live."""
    return choice({"$states.input.live = true": live, "$states.input.live = false": dead})


def _answered(answer: Answer) -> str:
    """Write the condition that pure steps left these answers; ids are letters, digits, `_` and `-` only."""
    return _path(answer.path, "$states.input.answers")


def _path(path: Iterable[tuple[str, AnswerValue]], answers: str) -> str:
    return " and ".join(f"{answers}.`{step_id}` = {_literal(value)}" for step_id, value in path)


def _literal(value: AnswerValue) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def choice(rules: Mapping[str, str], default: str | None = None) -> State:
    """Write a Choice. Without a default, a missing answer fails the run instead of taking some path."""
    choices = [{"Condition": f"{{% {condition} %}}", "Next": name} for condition, name in rules.items()]
    return {"Type": "Choice", "Choices": choices} | ({} if default is None else {"Default": default})


def branch_end(kind: EndKind) -> State:
    """Return what a branch of a fork hands to its join, or a failed iteration to its loop."""
    return {"failed": True} if kind is EndKind.FAILED else {"live": kind is EndKind.LIVE}


_CAUSE = "a step failed; the run says which"


def end(node: End, *, branch: bool, body: bool, gathers: bool) -> State:
    """Write the end of a scope: of a fork's branch, of a loop's body, or of the machine."""
    if node.kind is EndKind.FAILED and gathers:
        return {"Type": "Succeed", "Output": branch_end(node.kind)}
    if node.kind is EndKind.BROKEN or (node.kind is EndKind.FAILED and not branch):
        error = errors.IterationFailedError if body else errors.StepFailedError
        return {"Type": "Fail", "Error": error.__name__, "Cause": _CAUSE}
    return {"Type": "Succeed", "Output": branch_end(node.kind) if branch else {}}


def end_output(node: EndByAnswer, answers: str, *, branch: bool, gathers: bool) -> str:
    """Write what a scope ends with, by the answers of pure steps; where it must fail, this fails."""
    ways = ""
    for path, kind in node.answers:
        told = branch or (gathers and kind is EndKind.FAILED)
        fails = kind is EndKind.BROKEN or (kind is EndKind.FAILED and not told)
        output = f"$error('{_CAUSE}')" if fails else _object(branch_end(kind) if told else {})
        ways += f"{_path(path, answers)} ? {output} : "
    return f"{{% {ways}$error('a step has no answer') %}}"


def _object(fields: State) -> str:
    return "{" + ", ".join(f"'{key}': {_literal(value)}" for key, value in fields.items()) + "}"
