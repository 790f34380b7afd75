"""Filters arranged in AND/OR groups: one shape for step filters and record filters.

A root group has no parent. Roots and filters without a group are ANDed; an empty group is true.
Without any root every filter is ANDed, whatever group it names, and no group can be asked alone.

Source: reference §6.1; decisions, Definitions
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from ventuno.filters.refusals import FilterGroupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

DEEPEST: Final = 100
"""Levels of groups inside groups."""


class LogicalOperator(StrEnum):
    """How the members of a group are combined."""

    AND = "AND"
    OR = "OR"


class Group(NamedTuple):
    """A group, with the id of the group it belongs to."""

    id: str
    operator: LogicalOperator
    parent: str | None


class Grouping(Generic[Item]):
    """Items in their groups; built once, folded as often as needed.

    Raises: FilterGroupError if ids lead nowhere or twice, or groups nest in a circle
    """

    def __init__(self, groups: Iterable[Group], items: Iterable[tuple[str | None, Item]]) -> None:
        self._groups: dict[str, Group] = {}
        for group in groups:
            if self._groups.setdefault(group.id, group) is not group:
                raise FilterGroupError(f"Two filter groups have the id {group.id}; give each its own.")
        self._children: dict[str | None, list[Group]] = defaultdict(list)
        self._items: dict[str | None, list[Item]] = defaultdict(list)
        for group in self._groups.values():
            self._children[group.parent or None].append(group)
        self._roots = self._children[None]
        if self._roots:
            self.check_reach()
        for group_id, item in items:
            self._items[self._home(group_id)].append(item)

    def fold(
        self,
        leaf: Callable[[Item], Outcome],
        combine: Callable[[LogicalOperator, Iterator[Outcome]], Outcome],
    ) -> Outcome:
        """Combine everything; `combine` may stop reading early, then later items are never looked at."""
        members = map(leaf, self._items[None])
        if not self._roots:  # most filters have no groups, and every layer of iterators costs
            return combine(LogicalOperator.AND, members)
        grouped = (self._fold(root, leaf, combine) for root in self._roots)
        return combine(LogicalOperator.AND, chain(members, grouped))

    def fold_group(
        self,
        group_id: str,
        leaf: Callable[[Item], Outcome],
        combine: Callable[[LogicalOperator, Iterator[Outcome]], Outcome],
    ) -> Outcome:
        """Combine one group and its descendants; a group that does not exist is empty.

        Raises: FilterGroupError if no root leads to any group, so that filters would be left out
        """
        group = self._groups.get(group_id)
        if group is None:
            return combine(LogicalOperator.AND, iter(()))
        if not self._roots:
            self.check_reach()
        return self._fold(group, leaf, combine)

    def check_reach(self) -> None:
        """Refuse groups that no root leads to: their filters would be left out without a word.

        Raises: FilterGroupError
        """
        level, reached, depth = self._roots, 0, 0
        while level and depth < DEEPEST:
            reached, depth = reached + len(level), depth + 1
            level = [child for group in level for child in self._children.get(group.id, ())]
        if level:
            raise FilterGroupError(f"Filter groups nest deeper than {DEEPEST} levels; flatten them.")
        if reached < len(self._groups):
            raise FilterGroupError("A filter group has a parent that does not exist or lies in a circle.")

    def _fold(
        self,
        group: Group,
        leaf: Callable[[Item], Outcome],
        combine: Callable[[LogicalOperator, Iterator[Outcome]], Outcome],
    ) -> Outcome:
        items, children = self._items.get(group.id, ()), self._children.get(group.id, ())
        if not items and not children:
            return combine(LogicalOperator.AND, iter(()))
        members = chain(
            (leaf(item) for item in items),
            (self._fold(child, leaf, combine) for child in children),
        )
        return combine(group.operator, members)

    def _home(self, group_id: str | None) -> str | None:
        if not group_id or not self._roots:
            return None
        if group_id not in self._groups:
            raise FilterGroupError(f"A filter names the group {group_id}, which does not exist.")
        return group_id
