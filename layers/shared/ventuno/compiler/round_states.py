"""The states of rounds: the call that runs what is ready, the Choice after it, and the two that wait.

What a call answers is carried as `rounds` to the next: {next, until?, timed?, forms?, at?, over, beside,
count?}.
`next` says what is to be done, `until` when the nearest open wait is over and `at` which instant has come, so
no clock but the machine's decides that a wait is over. `forms` are open, and loops that run in a branch of
their own; `timed` says that something else is. `over` tells of loops whether they ended well, `beside` lists
those that were begun in a branch of their own, of which the run's store tells whether they are over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER, Next
from ventuno.compiler.plan import End, ReadTurn
from ventuno.compiler.states import TASK_TIMEOUT_SECONDS, TOLD_FAILURES, broken, choice, retry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.compiler.plan import LoopOver, Rounds

    State = dict[str, Any]

ROUNDS = "$states.input.rounds"
ROUNDS_SO_FAR = f"$exists({ROUNDS}) ? {ROUNDS} : {{}}"
_NOW = "$toMillis($states.context.State.EnteredTime)"
_INVOKE = "arn:aws:states:::lambda:invoke"


class Names(NamedTuple):
    """The names of the states of one node of rounds."""

    call: str
    after: str
    broken: str
    answers: str
    instant: str


@dataclass(frozen=True, slots=True)
class RoundStates:
    """Writes the states of one node; `exits` maps the keys that it leads to to names."""

    node: Rounds
    names: Names
    exits: Mapping[str, str]
    looped: bool

    def all(self, *, begins: bool) -> State:
        """Write all states, the one that is entered first."""
        written = {self.names.call: self._call(begins=begins), self.names.after: self._after()}
        written[self.names.broken] = self._task(_INVOKE, {"broken": "{% $states.input.broken %}"})
        if self.node.forms:
            written[self.names.answers] = self._answers()
        if self.node.delays or self.node.retries:
            written[self.names.instant] = self._instant()
        return written

    def _call(self, *, begins: bool) -> State:
        """Write the call; one that gives no answer is followed by one that says so of the step it was at."""
        state = self._task(_INVOKE, {"begins": True} if begins else {})
        over = {
            "ErrorEquals": TOLD_FAILURES,
            "Output": self._fields({}),
            "Next": self.exits[self.node.failed],
        }
        rounds = {"rounds": f"{{% {ROUNDS_SO_FAR} %}}"}
        output = self._fields(rounds | broken())
        lost = {"ErrorEquals": ["States.ALL"], "Output": output, "Next": self.names.broken}
        state["Catch"] = [over, lost]
        return state

    def _task(self, resource: str, further: State) -> State:
        return {
            "Type": "Task",
            "Resource": resource,
            "Arguments": {
                "FunctionName": STEP_RUNNER_PLACEHOLDER,
                "Payload": _payload(self.node.entries, looped=self.looped) | further,
            },
            "Output": self._fields({"rounds": "{% $states.result.Payload %}"}),
            "TimeoutSeconds": TASK_TIMEOUT_SECONDS,
            "Retry": retry(0),
            "Next": self.names.after,
        }

    def _after(self) -> State:
        node, names = self.node, self.names
        ways: dict[str, str] = {turn.step_id: self.exits[turn.next] for turn in node.loops}
        ways |= {Next.ANSWERS: names.answers} if node.forms else {}
        ways |= {Next.INSTANT: names.instant} if node.delays or node.retries else {}
        ways |= {Next.LIVE: self.exits[node.arrived], Next.DEAD: self.exits[node.dead]}
        ways[Next.FAILED] = self.exits[node.failed]
        ways[Next.AGAIN] = names.call
        return choice(_by_target(ways))

    def _answers(self) -> State:
        """Write the wait until a form is answered or something open is over."""
        waited = f"($toMillis({ROUNDS}.until) - {_NOW}) / 1000"
        state = self._task(f"{_INVOKE}.waitForTaskToken", {"token": "{% $states.context.Task.Token %}"})
        state["Arguments"]["Payload"]["timed"] = f"{{% {ROUNDS}.timed %}}"
        return state | {
            "Output": self._carried(f"{ROUNDS}, {{'next': '{Next.AGAIN}'}}"),
            "TimeoutSeconds": f"{{% $max([1, $ceil({waited})]) %}}",
            "Catch": [
                {
                    "ErrorEquals": ["States.Timeout"],
                    "Output": self._carried(f"{ROUNDS}, {{'next': '{Next.INSTANT}'}}"),
                    "Next": self.names.call,
                }
            ],
            "Next": self.names.call,
        }

    def _instant(self) -> State:
        """Write the wait for the nearest instant."""
        return {"Type": "Wait", "Timestamp": f"{{% {ROUNDS}.until %}}", "Next": self.names.call}

    def _carried(self, parts: str) -> State:
        return self._fields({"rounds": f"{{% $merge([{parts}]) %}}"})

    def _fields(self, fields: State) -> State:
        return fields | ({"it": "{% $states.input.it %}"} if self.looped else {})


def _payload(entries: Sequence[str], *, looped: bool) -> State:
    payload: State = {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
        "part": list(entries),
        "rounds": f"{{% {ROUNDS_SO_FAR} %}}",
    }
    return payload | ({"iteration": "{% $states.input.it %}"} if looped else {})


def beside(branches: list[State], next_name: str, *, looped: bool) -> State:
    """Write a loop and the rounds beside it; what those came to is handed on."""
    handed = "{% $exists($states.result.rounds) ? $states.result.rounds : {} %}"
    output = {"rounds": handed} | ({"it": "{% $states.input.it %}"} if looped else {})
    return {"Type": "Parallel", "Branches": branches, "Output": output, "Next": next_name}


def beside_state(node: ReadTurn | LoopOver | End, names: Mapping[str, str], *, looped: bool) -> State:
    """Write what stands in the branches: the way to the loop whose turn it is, or an end.

    The end of a loop is stored, and wakes the rounds.
    """
    if isinstance(node, ReadTurn):
        return choice({f"{ROUNDS}.next = '{turn.step_id}'": names[turn.next] for turn in node.turns})
    if isinstance(node, End):
        return {"Type": "Succeed", "Output": {"rounds": f"{{% {ROUNDS_SO_FAR} %}}"}}
    payload = _payload(node.entries, looped=looped) | {"over": f"{{% {ROUNDS}.next %}}"}
    return {
        "Type": "Task",
        "Resource": _INVOKE,
        "Arguments": {"FunctionName": STEP_RUNNER_PLACEHOLDER, "Payload": payload},
        "Output": {},
        "TimeoutSeconds": TASK_TIMEOUT_SECONDS,
        "Retry": retry(0),
        "End": True,
    }


def _by_target(ways: Mapping[str, str]) -> dict[str, str]:
    """Write one condition for all values that lead to one state."""
    values: dict[str, list[str]] = {}
    for value, target in ways.items():
        values.setdefault(target, []).append(value)
    return {f"{ROUNDS}.next in {json.dumps(found)}": target for target, found in values.items()}


def loop_over(step_id: str, *, well: bool) -> str:
    """Write what a loop hands on to the next round: that it is over."""
    over = f"{{'{step_id}': {str(well).lower()}}}"
    return f"{{% $merge([{ROUNDS}, {{'over': $merge([{ROUNDS}.over, {over}])}}]) %}}"
