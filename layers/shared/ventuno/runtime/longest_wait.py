"""How long a run surely waits on the path with the most delays: a machine of Step Functions lives a year.

Counted is what is written down: durations without variables, and each item of a list in the definition.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; decisions, Definitions
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ventuno.actions.delay import DelaySettings, DelayType
from ventuno.actions.iterator import IteratorSettings
from ventuno.definition.durations import total_seconds
from ventuno.definition.graph import ITERATOR, Graph
from ventuno.expressions.javascript import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.definition.model import Definition, Step

_DELAY: Final = "DELAY"


def longest_wait_seconds(definition: Definition) -> float:
    """Return the seconds of a definition whose steps and links were checked."""
    if not any(step.type == _DELAY for step in definition.steps):
        return 0
    graph = Graph(definition)
    bodies: dict[str | None, list[str]] = defaultdict(list)
    for node in graph.order:
        bodies[graph.loops.inner.get(node)].append(node)
    waits = {step.id: _delay_seconds(step) for step in definition.steps if step.type == _DELAY}
    loops = [step for step in definition.steps if step.type == ITERATOR]
    for loop in sorted(loops, key=lambda step: len(graph.loops.members[step.id])):  # inner ones first
        waits[loop.id] = _turns(loop) * _longest_way(bodies[loop.id], waits, graph)
    return _longest_way(bodies[None], waits, graph)


def _longest_way(nodes: Iterable[str], waits: Mapping[str, float], graph: Graph) -> float:
    """Return the longest way through a loop's body, or through what is in no loop; `nodes` are in order."""
    ends: dict[str, float] = {}
    for node in nodes:
        before = (ends[edge.source] for edge in graph.into(node) if edge.source in ends)
        ends[node] = max(before, default=0) + waits.get(node, 0)
    return max(ends.values(), default=0)


def _delay_seconds(step: Step) -> float:
    settings = step.settings.input_as(DelaySettings)
    if settings.delay_type is not DelayType.DURATION or settings.duration is None:
        return 0
    return total_seconds(settings.duration.written())


def _turns(step: Step) -> int:
    """Count the iterations that follow one another; a list that only the run knows counts as one item."""
    settings = step.settings.input_as(IteratorSettings)
    items = parse_json(settings.items) if isinstance(settings.items, str) else settings.items
    count = len(items) if isinstance(items, list | tuple) else 1
    return math.ceil(count / settings.max_concurrency)
