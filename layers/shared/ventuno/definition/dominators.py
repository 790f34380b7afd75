"""The dominator tree of an acyclic graph; of the reversed graph, it is the post-dominator tree.

Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm"; without cycles one pass is enough.
Where two nodes meet is found in logarithmic time: Myers, "An Applicative Random-Access Stack".
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Dominators:
    """Which nodes stand on every path from `root` to another.

    `order` is topological, `parents` gives the nodes just before each.
    What `root` does not reach is left out.
    """

    def __init__(self, root: str, order: Iterable[str], parents: Mapping[str, Sequence[str]]) -> None:
        self._root = root
        self._parent: dict[str, str] = {root: root}
        self._depth: dict[str, int] = {root: 0}
        self._jump: dict[str, str] = {root: root}
        for node in order:
            sources = [source for source in parents[node] if source in self._parent] if node != root else []
            if sources:
                self._place(node, self.meet(sources))

    def _place(self, node: str, meeting: str) -> None:
        self._parent[node] = meeting
        self._depth[node] = self._depth[meeting] + 1
        far = self._jump[meeting]
        equal = self._depth[meeting] - self._depth[far] == self._depth[far] - self._depth[self._jump[far]]
        self._jump[node] = self._jump[far] if equal else meeting

    def meet(self, nodes: Sequence[str]) -> str:
        """Return the nearest node that dominates all of `nodes`, possibly one of them."""
        meeting = nodes[0]
        for node in nodes[1:]:
            meeting = self._meet(meeting, node)
        return meeting

    def _meet(self, left: str, right: str) -> str:
        depth = min(self._depth[left], self._depth[right])
        left, right = self._up(left, depth), self._up(right, depth)
        while left != right:
            far = self._jump if self._jump[left] != self._jump[right] else self._parent
            left, right = far[left], far[right]
        return left

    def _up(self, node: str, depth: int) -> str:
        """Go up to a depth; how far a node's jump leads depends on its depth alone."""
        while self._depth[node] > depth:
            far = self._jump[node]
            node = far if self._depth[far] >= depth else self._parent[node]
        return node

    def before(self, upper: str, node: str) -> bool:
        """Whether every path from the root to `node` passes `upper` before it; constant time."""
        if upper == node or upper not in self._spans or node not in self._spans:
            return False
        first, last = self._spans[upper]
        return first <= self._spans[node][0] <= last

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Number the tree depth-first; a node's span holds the numbers of everything below it."""
        below: dict[str, list[str]] = {node: [] for node in self._parent}
        for node, parent in self._parent.items():
            if node != self._root:
                below[parent].append(node)
        preorder: list[str] = []
        todo = [self._root]
        while todo:
            preorder.append(todo.pop())
            todo += below[preorder[-1]]
        last = {node: number for number, node in enumerate(preorder)}
        for node in reversed(preorder):
            last[self._parent[node]] = max(last[self._parent[node]], last[node])
        return {node: (number, last[node]) for number, node in enumerate(preorder)}
