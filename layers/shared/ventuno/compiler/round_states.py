"""The states of rounds: the Choice that finds whose turn it is, and the two that wait for what is open.

An open step's mark is the instant at which it ends at the latest, so no clock decides what is over: after a
wait those are whose instant is the nearest. Only how long to wait is counted from the state's own entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER
from ventuno.compiler.states import MARKS, carried, caught, is_open, marked, retry, turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.compiler.plan import Rounds

    State = dict[str, Any]

_NOW = "$toMillis($states.context.State.EnteredTime)"
_GRACE_SECONDS = 2
"""A form is asked about a little after it has expired, so that it is judged expired."""


def choice(node: Rounds, names: Mapping[str, str], any_name: str, next_name: str) -> State:
    """Write the Choice of a round; `any_name` awaits forms, `next_name` the next instant."""
    forms = [form.marks[0].name for form in node.forms]
    rules = [(turn(rule.condition), names[rule.next]) for rule in node.turns]
    if node.delays:
        rules.append(
            (_any(f"{is_open(mark)} and {_millis(mark)} <= {_NOW}" for mark in node.delays), next_name)
        )
    if forms:
        rules.append((_any(map(is_open, forms)), any_name))
    if node.delays:
        rules.append((_any(map(is_open, node.delays)), next_name))
    rules += [(turn(rule.condition), names[rule.next]) for rule in node.exits]
    choices = [{"Condition": f"{{% {condition} %}}", "Next": name} for condition, name in rules]
    return {"Type": "Choice", "Choices": choices, "Default": names[node.default]}


def await_any(node: Rounds, name: str, *, looped: bool) -> State:
    """Write the wait until a form is answered or something open is over, then the next round, `name`."""
    forms = {form.step_id: form.marks[0].name for form in node.forms}
    listed = ", ".join(f"{is_open(mark)} ? '{step_id}'" for step_id, mark in forms.items())
    answers = marked((mark for form in node.forms for mark in form.marks), "$states.result")
    payload: State = {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
        "step": node.step_id,
        "forms": f"{{% [{listed}] %}}",
        "timed": f"{{% $boolean({_any(map(is_open, node.delays))}) %}}" if node.delays else False,
        "token": "{% $states.context.Task.Token %}",
    }
    if looped:
        payload["iteration"] = "{% $states.input.it %}"
    ends = [*(f"{is_open(mark)} ? {_millis(mark)}" for mark in node.delays)]
    ends += [f"{is_open(mark)} ? {_millis(mark)} + {_GRACE_SECONDS * 1000}" for mark in forms.values()]
    timed_out = caught(name, looped=looped, marks=_over(node, ", ".join(ends)))
    timed_out[0]["ErrorEquals"] = ["States.Timeout"]
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {"FunctionName": STEP_RUNNER_PLACEHOLDER, "Payload": payload},
        "Output": carried(looped=looped, marks=answers),
        "TimeoutSeconds": f"{{% $max([1, $ceil(($min([{', '.join(ends)}]) - {_NOW}) / 1000)]) %}}",
        "Retry": retry(0),
        "Catch": timed_out,
        "Next": name,
    }


def await_next(node: Rounds, name: str, *, looped: bool) -> State:
    """Write the wait for the nearest instant of a delay, then the next round, `name`."""
    ends = ", ".join(f"{is_open(mark)} ? {_millis(mark)}" for mark in node.delays)
    return {
        "Type": "Wait",
        "Timestamp": f"{{% $fromMillis($min([{ends}])) %}}",
        "Output": carried(looped=looped, marks=_over(node, ends)),
        "Next": name,
    }


def _over(node: Rounds, ends: str) -> str:
    """Write the marks of the delays that end first of all that is open."""
    return ", ".join(
        f"'{mark}': ({is_open(mark)} ? {_millis(mark)} <= $min([{ends}]) : false) ? true : {MARKS}.{mark}"
        for mark in node.delays
    )


def _millis(mark: str) -> str:
    return f"$toMillis({MARKS}.{mark})"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({condition})" for condition in conditions)
