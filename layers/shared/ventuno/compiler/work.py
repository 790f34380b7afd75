"""What one run of a machine does on its longest path: states entered and functions called.

How many items a loop has is known where the author listed them, and is an assumption everywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.compiler.budget import batch_size, inline_limit, longest
from ventuno.compiler.contract import EndKind
from ventuno.compiler.plan import AwaitForm, Beside, CallStep, End, Fork, Loop, LoopOver, Node, Rounds

if TYPE_CHECKING:
    from ventuno.compiler.plan import Plan

_STATES_A_BATCH = 2
"""Starting a child execution, and the Map in it. Source: https://aws.amazon.com/step-functions/pricing/"""


@dataclass(frozen=True, slots=True)
class RunWork:
    """States entered and functions called for steps."""

    transitions: int
    calls: int


def work_of(plan: Plan, items: int) -> RunWork:
    """Weigh a plan, with so many items in each loop whose items nobody has listed.

    A retry counts as often as the author allowed it, the end of what has failed for good does not: not every
    item of a loop fails.
    """
    loops = _Loops(items)
    return RunWork(longest(plan.root, loops.transitions), longest(plan.root, loops.calls))


@dataclass(frozen=True, slots=True)
class _Loops:
    items: int

    def transitions(self, node: Node) -> int:
        """Count the states entered by a node, with everything inside it."""
        match node:
            case CallStep() | AwaitForm():
                return 1 + node.retries
            case Fork() | Beside():
                return 1 + sum(longest(branch, self.transitions) for branch in node.branches)
            case Rounds():
                return 2 * (1 + len(node.loops)) + 3 * node.waits
            case Loop():
                return self._around(node) + self._times(node) * longest(node.body, self.transitions)
            case End(kind=EndKind.FAILED | EndKind.BROKEN):
                return 0
            case _:
                return 1

    def calls(self, node: Node) -> int:
        """Count the calls of functions by a node, with everything inside it."""
        match node:
            case CallStep() | AwaitForm():
                return 1 + node.retries
            case Fork() | Beside():
                return sum(longest(branch, self.calls) for branch in node.branches)
            case Rounds():
                return 1 + len(node.loops) + node.waits + node.forms
            case Loop():
                return self._times(node) * longest(node.body, self.calls)
            case _:
                return int(isinstance(node, LoopOver))

    def _times(self, loop: Loop) -> int:
        return self.items if loop.count is None else loop.count

    def _around(self, loop: Loop) -> int:
        """Count the Map, the Choice between it and batches where the list may be long, and the batches."""
        times, limit = self._times(loop), inline_limit(loop)
        choice = loop.count is None or loop.count > limit
        batches = -(-times // batch_size(loop)) if times > limit else 0
        return 1 + choice + _STATES_A_BATCH * batches
