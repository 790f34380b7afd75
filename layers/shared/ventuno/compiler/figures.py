"""What a machine costs and how near the quotas it comes, computed from the plan alone.

Units: events are history events of one execution, bytes are the definition's.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ventuno.compiler.budget import EXECUTION_EVENTS, HISTORY_LIMIT, events_of, inline_limit, longest
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER
from ventuno.compiler.machine_checks import scopes_of
from ventuno.compiler.work import work_of

if TYPE_CHECKING:
    from ventuno.compiler.plan import Plan

__all__ = ["DEFINITION_LIMIT_BYTES", "HISTORY_LIMIT", "Figures", "figures_of"]

DEFINITION_LIMIT_BYTES = 1_048_576
USD_PER_1000_TRANSITIONS = 0.025
"""The price of Standard workflows in us-east-1. Source: https://aws.amazon.com/step-functions/pricing/"""

LONGEST_FUNCTION_ARN = len("arn:aws-us-gov:lambda:us-gov-east-1:123456789012:function:") + 64
"""Stands wherever a state calls the function. Source: the limits of AWS Lambda's CreateFunction"""


def deployed_bytes(text: str) -> int:
    """Count the bytes of a machine's text once it names the function, whatever that is called."""
    more = LONGEST_FUNCTION_ARN - len(STEP_RUNNER_PLACEHOLDER)
    return len(text.encode()) + text.count(STEP_RUNNER_PLACEHOLDER) * more


@dataclass(frozen=True, slots=True)
class Figures:
    """The longest path through one machine, and its size.

    `transitions` and `calls`, of functions, count a loop with one iteration, or as many as the author listed
    items; `inline_iterations` says, for each iterator, how many an execution's history holds before it runs
    in batches.
    """

    states: int
    transitions: int
    calls: int
    history_events: int
    definition_bytes: int
    inline_iterations: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the wire form printed by `ventuno compile --figures`.

        Item: the fields, and {usd_per_1000_runs}: what the longest path costs in transitions; functions and
              tables come on top
        """
        return asdict(self) | {"usd_per_1000_runs": round(self.transitions * USD_PER_1000_TRANSITIONS, 4)}


def figures_of(plan: Plan, machine: dict[str, Any], definition_bytes: int) -> Figures:
    """Measure a plan; a retry counts as often as the author allowed it."""
    once = work_of(plan, 1)
    return Figures(
        states=sum(len(scope["States"]) for scope in scopes_of(machine)),
        transitions=once.transitions,
        calls=once.calls,
        history_events=EXECUTION_EVENTS + longest(plan.root, events_of),
        definition_bytes=definition_bytes,
        inline_iterations={loop.step_id: inline_limit(loop) for loop in plan.loops()},
    )
