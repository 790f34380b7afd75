"""Where the nodes of a scope lead: all links, those that need a state, and links moved elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno.compiler.plan import (
    AwaitForm,
    Beside,
    CallStep,
    End,
    EndByAnswer,
    Fork,
    Loop,
    LoopOver,
    ReadAnswers,
    ReadLive,
    ReadTurn,
    Rounds,
    WaitUntil,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.compiler.plan import Node, Scope


def can_be_end(node: Node, end: Node) -> bool:
    """Whether the state of a node can end its scope by itself, so that it needs no `end` to go to."""
    if isinstance(end, EndByAnswer):
        return isinstance(node, CallStep | AwaitForm)
    return isinstance(end, End) and isinstance(node, CallStep | AwaitForm | Fork | Loop | WaitUntil)


def entered_links(scope: Scope, node: Node) -> tuple[str, ...]:
    """List the nodes that a node really goes to: an end that its own state can be is none."""
    if isinstance(node, CallStep | AwaitForm | Fork | Loop | WaitUntil):
        failed = None if isinstance(node, WaitUntil) else node.failed
        after = () if can_be_end(node, scope.nodes[node.next]) else (node.next,)
        return after if failed is None else (*after, failed)
    return links(node)


def links(node: Node) -> tuple[str, ...]:
    """List the nodes of the same scope that a node can go to."""
    match node:
        case End() | EndByAnswer() | LoopOver():
            return ()
        case ReadAnswers() | ReadTurn():
            return tuple(way.next for way in (node.turns if isinstance(node, ReadTurn) else node.answers))
        case ReadLive():
            return node.live, node.dead
        case Rounds():
            return (*(turn.next for turn in node.loops), node.arrived, node.dead, node.failed)
        case WaitUntil() | Beside():
            return (node.next,)
        case _:
            return (node.next,) if node.failed is None else (node.next, node.failed)


def with_links(node: Node, instead: Mapping[str, str]) -> Node:
    """Return a node that goes elsewhere where `instead` says so."""

    def to(key: str) -> str:
        return instead.get(key, key)

    match node:
        case End() | EndByAnswer() | LoopOver() | ReadTurn() | Beside():
            return node  # those of rounds lead to what is never left out
        case ReadAnswers():
            return replace(node, answers=tuple(replace(one, next=to(one.next)) for one in node.answers))
        case ReadLive():
            return ReadLive(to(node.live), to(node.dead))
        case Rounds():
            return replace(node, arrived=to(node.arrived), dead=to(node.dead), failed=to(node.failed))
        case _:
            return _leading(node, to)


def _leading(
    node: CallStep | AwaitForm | WaitUntil | Fork | Loop, to: Callable[[str], str]
) -> CallStep | AwaitForm | WaitUntil | Fork | Loop:
    changed = replace(node, next=to(node.next))
    if isinstance(changed, WaitUntil) or changed.failed is None:
        return changed
    return replace(changed, failed=to(changed.failed))
