"""Take states out of a finished scope that decide nothing: every state costs a transition.

A reading whose answers all lead to the same place is left out, readings that follow one another become one,
one that leads to ends only becomes an end, and a fork loses branches in which nothing is to be done.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno.compiler.contract import FAILED, EndKind
from ventuno.compiler.links import links, with_links
from ventuno.compiler.plan import End, EndByAnswer, Fork, ReadAnswers, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.compiler.plan import Answer, Node

MOST_ANSWERS = 24
"""How many answers one Choice reads."""


def simplified(nodes: Mapping[str, Node], start: str) -> tuple[dict[str, Node], str]:
    """Return the nodes that are left, by key, and where the scope starts."""
    readings = {key: node for key, node in nodes.items() if isinstance(node, ReadAnswers)}
    instead: dict[str, str] = {}
    for key in _inner_first(readings):
        readings[key] = reading = _joined(readings[key], readings, instead)
        ways = {answer.next for answer in reading.answers if answer.value != FAILED}
        if len(ways) == 1 and _may_go(reading, nodes[next(iter(ways))]):
            instead[key] = ways.pop()
    left = {
        key: _short(with_links(readings.get(key, node), instead))
        for key, node in nodes.items()
        if key not in instead
    }
    ending = {key: _end(node, left) for key, node in left.items() if isinstance(node, ReadAnswers)}
    return left | {key: node for key, node in ending.items() if node is not None}, instead.get(start, start)


def _end(reading: ReadAnswers, nodes: Mapping[str, Node]) -> Node | None:
    """Make an end of a reading that leads nowhere else; the call before it then needs no state after it."""
    answers = []
    for answer in reading.answers:
        end = nodes[answer.next]
        if not isinstance(end, End):
            return None
        answers.append((answer.path, end.kind))
    return EndByAnswer(reading.step_id, tuple(answers))


def _may_go(reading: ReadAnswers, target: Node) -> bool:
    """Whether nobody misses a reading whose answers all lead to one place."""
    nothing_follows = target in (End(EndKind.DEAD), End(EndKind.DONE))
    return reading.failure is Told.BY_CALL or (reading.failure is Told.BY_RUN and nothing_follows)


def _inner_first(readings: Mapping[str, ReadAnswers]) -> Iterator[str]:
    """Yield every reading after those it leads to; they are acyclic, and their depth has no limit."""
    seen: set[str] = set()
    for first in readings:
        stack = [(first, False)]
        while stack:
            key, done = stack.pop()
            if done:
                yield key
            elif key not in seen:
                seen.add(key)
                stack.append((key, True))
                stack += [(link, False) for link in links(readings[key]) if link in readings]


def _joined(
    reading: ReadAnswers, readings: Mapping[str, ReadAnswers], instead: Mapping[str, str]
) -> ReadAnswers:
    """Read what would be read next too, where this answer leads to it."""
    answers: dict[Answer, None] = {}
    room = MOST_ANSWERS - len(reading.answers)
    failure = reading.failure
    for answer in reading.answers:
        target = instead.get(answer.next, answer.next)
        further = readings.get(target)
        if further is not None and len(further.answers) <= room:
            room -= len(further.answers)
            answers |= {replace(one, after=(*answer.path, *one.after)): None for one in further.answers}
            failure = max(failure, further.failure)
        else:
            answers[replace(answer, next=target)] = None
    return replace(reading, answers=tuple(answers), failure=failure)


def _short(node: Node) -> Node:
    if not isinstance(node, Fork):
        return node
    doing = tuple(branch for branch in node.branches if branch.nodes[branch.start] != End(EndKind.DEAD))
    return replace(node, branches=doing or node.branches[:1])
