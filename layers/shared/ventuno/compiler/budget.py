"""How much history a plan can write, and so how many iterations fit into one execution.

Units: history events. Source: architecture, History proof;
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.links import entered_links
from ventuno.compiler.plan import AwaitForm, Beside, CallStep, Fork, Loop, LoopOver, Node, Rounds, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY_LIMIT = 25_000
_FOR_LOOPS = 20_000
"""What loops may use of one execution's history; the rest is for what stands around them."""
NESTED_INLINE_LIMIT = 40
"""How many iterations of a loop inside a loop run inline: their number multiplies."""

EXECUTION_EVENTS = 2
ITERATION_EVENTS = 2
_CALLS_A_ROUND = 4
"""A call of rounds ends early only after steps that took long; so many are taken for granted."""
_TASK, _RETRY, _CALLBACK, _MAP, _PARALLEL, _OTHER = 5, 3, 6, 4, 4, 2


def longest(scope: Scope, weight: Callable[[Node], int]) -> int:
    """Weigh the heaviest path through a scope; nodes are visited after everything they lead to.

    The loops of rounds lead back to them, and each runs once.
    """
    best: dict[str, int] = {}
    for node in scope.nodes.values():
        if isinstance(node, Rounds):
            best |= dict.fromkeys(_members(node), 0)
    stack = [scope.start]
    while stack:
        key = stack[-1]
        after = _exits(scope, scope.nodes[key])
        missing = [link for link in after if link not in best]
        if missing:
            stack.extend(missing)
            continue
        own = sum(weight(scope.nodes[one]) for one in (key, *_members(scope.nodes[key])))
        best[key] = own + max((best[link] for link in after), default=0)
        stack.pop()
    return best[scope.start]


def _exits(scope: Scope, node: Node) -> tuple[str, ...]:
    loops = _members(node)
    return tuple(link for link in entered_links(scope, node) if link not in loops)


def _members(node: Node) -> list[str]:
    """List the keys of the loops of rounds."""
    return list(dict.fromkeys(turn.next for turn in node.loops)) if isinstance(node, Rounds) else []


def events_of(node: Node) -> int:
    """Count the events one node can write, with everything inside it."""
    match node:
        case CallStep():
            return _TASK + _RETRY * node.retries
        case AwaitForm():
            return _CALLBACK + _RETRY * node.retries
        case Fork() | Beside():
            return _PARALLEL + sum(1 + longest(branch, events_of) for branch in node.branches)
        case Rounds():
            early = -(-node.calls // _CALLS_A_ROUND)
            rounds = early + node.waits + len(node.loops) + 1
            return rounds * (_TASK + _OTHER) + node.waits * _CALLBACK
        case Loop():
            return _OTHER + _MAP + inline_limit(node) * iteration_events(node)
        case _:
            return _TASK if isinstance(node, LoopOver) else _OTHER


def iteration_events(loop: Loop) -> int:
    """Count the events one iteration can write."""
    return ITERATION_EVENTS + longest(loop.body, events_of)


def inline_limit(loop: Loop) -> int:
    """Return how many iterations may run in the execution that holds the loop."""
    return (
        NESTED_INLINE_LIMIT if loop.nested else max(1, _FOR_LOOPS // (iteration_events(loop) * loop.siblings))
    )


def batch_size(loop: Loop) -> int:
    """Return how many iterations one child execution takes."""
    return max(1, _FOR_LOOPS // iteration_events(loop))
