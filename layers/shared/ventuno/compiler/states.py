"""One plan node → one state, in JSONata mode; names are given, nesting is done by `asl`.

No author text ever enters a state: a step is named by its id, a branch by its index,
so nothing an author writes can become an expression.
Between states travel `answers` (of pure steps), `it` (the iteration, in loops), `live` (after a fork)
and `marks` (in serialised regions); a run's outputs never do.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.compiler.contract import FAILED, STEP_RUNNER_PLACEHOLDER, EndKind
from ventuno.compiler.plan import (
    COUNT,
    SET,
    Answer,
    AnswerValue,
    AwaitForm,
    CallStep,
    Condition,
    Dispatch,
    End,
    EndByAnswer,
    Mark,
    ReadAnswers,
    Remembered,
    WaitUntil,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    State = dict[str, Any]

TASK_TIMEOUT_SECONDS = 900  # the longest a Lambda call can last
MARKS = "$states.input.marks"
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
        "Output": output | carried(looped=looped, marks=_marked(node, payload)),
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
        "Output": output | carried(looped=looped, marks=_marked(node, "$states.result")),
        "TimeoutSeconds": node.timeout_seconds,
        "Retry": [*retry(node.retries), _EXPIRED],
    }


def _payload(node: CallStep | AwaitForm, *, looped: bool, begins: bool) -> State:
    payload: State = {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
        "step": node.step_id,
    }
    if looped:
        payload["iteration"] = "{% $states.input.it %}"
    if begins:
        payload["begins"] = True
    if node.rides:
        payload["rides"] = list(node.rides)
        if node.marks:
            payload["alone"] = True
    return payload


def _marked(node: CallStep | AwaitForm, answer: str) -> str | None:
    """Write what a call leaves remembered, if anything."""
    return marked(node.marks, answer) if node.marks else None


def over(mark: str | None) -> str | None:
    """Write that a step is over."""
    return None if mark is None else f"'{mark}': true"


def carried(*, looped: bool, marks: str | None = None) -> State:
    """Write the fields that later states need beside the result; `marks` joins what is remembered."""
    fields: State = {"it": "{% $states.input.it %}"} if looped else {}
    if marks is not None:
        fields["marks"] = f"{{% $merge([$states.input.marks, {{{marks}}}]) %}}"
    return fields


def handed_on(*, looped: bool, marks: str | None) -> str:
    """Write the same fields as one expression."""
    fields = ["'it': $states.input.it"] if looped else []
    if marks is not None:
        fields.append(f"'marks': $merge([$states.input.marks, {{{marks}}}])")
    return "{" + ", ".join(fields) + "}"


def marked(marks: Iterable[Mark], answer: str) -> str:
    """Write what the answer of a call says of some steps; one that was not reached leaves nothing."""
    return ", ".join(
        f"'{mark.name}': {'true' if mark.answer is None else f'{answer}.answers.`{mark.answer}`'}"
        for mark in marks
    )


def failed(mark: str | None) -> str | None:
    """Write that a step has failed."""
    return None if mark is None else f"'{mark}': '{FAILED}'"


def caught(next_name: str, *, looped: bool, marks: str | None) -> list[State]:
    """Write the way on after a failure; the error itself is stored with the step."""
    output = carried(looped=looped, marks=marks)
    return [{"ErrorEquals": ["States.ALL"], "Output": output, "Next": next_name}]


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


def wait(node: WaitUntil, *, looped: bool) -> State:
    """Write a wait for the instant that is the step's answer, or that is remembered of it."""
    if node.mark is None:
        return {"Type": "Wait", "Timestamp": f"{{% $states.input.answers.`{node.step_id}` %}}"}
    return {
        "Type": "Wait",
        "Timestamp": f"{{% $states.input.marks.{node.mark} %}}",
        "Output": carried(looped=looped, marks=over(node.mark)),
    }


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


def dispatch(node: Dispatch, names: Mapping[str, str]) -> State:
    """Write the Choice that finds the next step of a serialised region."""
    rules = [
        {"Condition": f"{{% {turn(rule.condition)} %}}", "Next": names[rule.next]} for rule in node.rules
    ]
    return {"Type": "Choice", "Choices": rules, "Default": names[node.default]}


def turn(condition: Condition) -> str:
    """Write the condition under which it is a node's turn."""
    arrived = " or ".join(_remembers(one) for one in condition.any_of)
    failed = " or ".join(_remembers(Remembered(mark, FAILED)) for mark in condition.none_failed)
    parts = [f"({arrived})"] if arrived else []
    parts += [f"$not({failed})"] if failed else []
    parts += [f"$not($exists({MARKS}.{condition.undone}))"] if condition.undone else []
    waiting = " or ".join(is_open(mark) for mark in condition.none_open)
    parts += [f"$not({waiting})"] if waiting else []
    return " and ".join(parts) or "true"


def _remembers(remembered: Remembered) -> str:
    mark = f"$states.input.marks.{remembered.mark}"
    if remembered.value == SET:
        return f"$exists({mark})"
    if remembered.value == COUNT:
        return f"$type({mark}) = 'number'"
    return f"{mark} = {_literal(remembered.value)}"


def is_open(mark: str) -> str:
    """Write the condition that a step waits: its mark is the instant at which it ends at the latest."""
    return f"($type({MARKS}.{mark}) = 'string' and {MARKS}.{mark} != '{FAILED}')"


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
