"""Plan nodes → states of the Amazon States Language, in JSONata mode.

No author text ever enters a state: a step is named by its id, a branch by its index,
so nothing an author writes can become an expression. The function's ARN is a placeholder
that activation replaces, as SAM's DefinitionSubstitutions would.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.compiler.plan import END, CallStep, Node, ReadBranch, ReadFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    State = dict[str, Any]
    NameOf = Callable[[str], str]

STEP_RUNNER_PLACEHOLDER = "${StepRunnerArn}"
_LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"
TASK_TIMEOUT_SECONDS = 900  # the longest a Lambda call can last

_TRANSIENT = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
]


def _call(node: CallStep, name_of: NameOf) -> State:
    payload: State = {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
        "step": node.step_id,
    }
    if node.rides:
        payload["rides"] = list(node.rides)
    return {
        "Type": "Task",
        "Resource": _LAMBDA_INVOKE,
        "Arguments": {"FunctionName": STEP_RUNNER_PLACEHOLDER, "Payload": payload},
        "Output": "{% $states.result.Payload %}",
        "TimeoutSeconds": TASK_TIMEOUT_SECONDS,
        "Retry": _retry(node.retries),
        **({"End": True} if node.next == END else {"Next": name_of(node.next)}),
    }


def _retry(retries: int) -> list[State]:
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
    platform = {
        "ErrorEquals": [*names, *_TRANSIENT],
        "IntervalSeconds": 1,
        "BackoffRate": 2.0,
        "MaxDelaySeconds": 30,
        "MaxAttempts": 6,
        "JitterStrategy": "FULL",
    }
    return [asked, platform] if retries else [platform]


def _answer(step_id: str, value: str) -> str:
    """Write the condition that a pure step left this answer; ids are letters, digits, `_` and `-` only."""
    return f"{{% $states.input.answers.`{step_id}` = {value} %}}"


def _filter(node: ReadFilter, name_of: NameOf) -> State:
    return _choice(
        {_answer(node.step_id, "true"): node.matched, _answer(node.step_id, "false"): node.stopped}, name_of
    )


def _branch(node: ReadBranch, name_of: NameOf) -> State:
    return _choice(
        {_answer(node.step_id, str(index)): target for index, target in enumerate(node.branches)}, name_of
    )


def _choice(rules: dict[str, str], name_of: NameOf) -> State:
    """Write a Choice without a Default.

    An answer that is missing fails the run instead of taking some path.
    """
    choices = [{"Condition": condition, "Next": name_of(target)} for condition, target in rules.items()]
    return {"Type": "Choice", "Choices": choices}


def state_of(node: Node, name_of: NameOf) -> State:
    """Write one node as a state; `name_of` gives the state name of a node id."""
    if isinstance(node, CallStep):
        return _call(node, name_of)
    if isinstance(node, ReadFilter):
        return _filter(node, name_of)
    if isinstance(node, ReadBranch):
        return _branch(node, name_of)
    return {"Type": "Succeed"}
