"""What a machine costs and how near the quotas it comes, computed from the plan alone.

Units: events are history events of one execution, bytes are the definition's.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; architecture, history proof
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.plan import CallStep, Node, Plan
from ventuno.compiler.planning import links

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY_LIMIT = 25_000
DEFINITION_LIMIT_BYTES = 1_048_576
_EXECUTION_EVENTS = 2
_TASK_EVENTS, _RETRY_EVENTS, _OTHER_EVENTS = 5, 3, 2


@dataclass(frozen=True, slots=True)
class Figures:
    """The longest path through one machine, and its size."""

    states: int
    transitions: int
    history_events: int
    definition_bytes: int

    def to_dict(self) -> dict[str, int]:
        """Return the wire form printed by `ventuno compile --figures`."""
        return asdict(self)


def figures_of(plan: Plan, definition_bytes: int) -> Figures:
    """Measure a plan; a retry counts as often as the author allowed it."""
    return Figures(
        states=len(plan.root.nodes),
        transitions=_longest(plan, lambda node: 1 + (node.retries if isinstance(node, CallStep) else 0)),
        history_events=_EXECUTION_EVENTS + _longest(plan, _events),
        definition_bytes=definition_bytes,
    )


def _events(node: Node) -> int:
    if isinstance(node, CallStep):
        return _TASK_EVENTS + _RETRY_EVENTS * node.retries
    return _OTHER_EVENTS


def _longest(plan: Plan, weight: Callable[[Node], int]) -> int:
    """Weigh the heaviest path from the start; nodes are visited after everything they lead to."""
    best: dict[str, int] = {}
    stack = [plan.root.start]
    while stack:
        node_id = stack[-1]
        node = plan.root.nodes[node_id]
        missing = [link for link in links(node) if link not in best]
        if missing:
            stack.extend(missing)
            continue
        best[node_id] = weight(node) + max((best[link] for link in links(node)), default=0)
        stack.pop()
    return best[plan.root.start]
