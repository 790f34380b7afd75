"""A plan for people: what is new, gone and different, what runs may then do, and what they cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.difference import Change, Difference, Edge
    from ventuno.runtime.plan import Plan

_MARKS: Final = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST: Final = 60
_QUOTAS: Final = {"historyEvents": "history events", "definitionBytes": "bytes of definition"}


def plan_text(slug: str, plan: Plan) -> str:
    """Write a plan."""
    return "\n".join([f"{slug}: {_headline(plan)}", *(f"  {line}" for line in _lines(plan))])


def _headline(plan: Plan) -> str:
    return {
        "create": "a new workflow",
        "change": f"differs from v{plan.against}",
        "activate": f"says what v{plan.against} says, which is not active",
        "nothing": f"says what v{plan.against} says",
    }[plan.action]


def _lines(plan: Plan) -> Iterator[str]:
    yield from _changes(plan.changes)
    marked = [*(f"+ {each}" for each in plan.gained), *(f"- {each}" for each in plan.lost)]
    yield from (f"{line}" for line in _listed("permissions", marked))
    if plan.cost_after:
        before = f"{_dollars(plan.cost_before.total)} -> " if plan.cost_before else ""
        after = f"{_dollars(plan.cost_after.total)} per 1,000 runs, about: {_assumed(plan.items)}"
        yield f"cost         {before}{after}"
    yield from _listed("quotas", [_quota(each) for each in plan.quotas()])


def _assumed(items: int) -> str:
    each = "1 item" if items == 1 else f"{items:,} items"
    return f"the longest path, {each} in each loop"


def _listed(label: str, lines: list[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        yield f"{label if index == 0 else '':<12} {line}"


def _changes(found: Difference) -> Iterator[str]:
    yield from (_change(change) for change in found.settings)
    for step in found.steps:
        yield f"{_MARKS[step.kind]} step {step.step_id} ({step.type})"
        yield from (f"    {_change(change)}" for change in step.changes)
    yield from (f"+ {_edge(edge)}" for edge in found.edges_added)
    yield from (f"- {_edge(edge)}" for edge in found.edges_removed)


def _change(change: Change) -> str:
    return f"~ {change.path}: {_short(change.before)} -> {_short(change.after)}"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _edge(edge: Edge) -> str:
    return f"edge {edge.source} -> {edge.target}{f' ({edge.label})' if edge.label else ''}"


def _dollars(amount: float) -> str:
    return f"${amount:.3f}"


def _quota(told: Any) -> str:  # noqa: ANN401 - the plan's own JSON
    return f"{told['used']:,} of {told['limit']:,} {_QUOTAS[told['quota']]} ({told['percent']} %)"
