"""Runs as people read them: a list, one run with its steps, its figures, and the lines of following it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.step_text import lasted, step_cells, without_empty
from ventuno_dev.cli.tables import Table, printable, table_text
from ventuno_dev.cli.wording import NOTHING, brief, count, duration, full, instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.engine.scopes import Scope
    from ventuno_dev.run_following import Change

    View = dict[str, Any]  # the JSON views of `ventuno.runs.view`

_INDENT = "  "
_STATUS_WIDTH = 13  # the longest is FAILED_SAFELY


def runs_text(runs: Sequence[View], width: int | None) -> str:
    """Write a list of runs."""
    rows = [(run["id"], run["name"], run["status"], instant(run["startedAt"]), lasted(run)) for run in runs]
    headings = ("RUN", "NAME", "STATUS", "STARTED (UTC)", "DURATION")
    return table_text(Table(headings, rows, folds=("NAME",), optional=("DURATION",)), width)


def run_text(view: View, slug: str, width: int | None) -> str:
    """Write one run and a table of its steps; those of a loop stand indented below their iterator."""
    infos = view["state"]["stepInfos"]
    names = {step["id"]: step["name"] for step in view["state"]["flow"]["steps"]}
    steps = Table(
        ("STEP", "NAME", "STATUS", "DURATION", "RESULT", "ERROR"),
        [
            (_INDENT * depth + step_id, names[step_id], *step_cells(infos[step_id]))
            for step_id, depth in _outline(view["state"]["flow"])
        ],
        folds=("STEP", "NAME", "ERROR"),
        cuts=("RESULT",),
    )
    return "\n".join([*_head(view, slug), table_text(without_empty(steps, "ERROR"), width), *_loops(view)])


def _outline(flow: View) -> list[tuple[str, int]]:
    """List the steps with the number of loops around each: the body of a loop comes after its iterator."""
    from ventuno.definition.loading import definition_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.engine.scopes import scopes_of  # noqa: PLC0415 - slow, and --help must not wait

    def lines(scope: Scope) -> Iterator[tuple[str, int]]:
        for step_id in scope.members:
            yield step_id, scope.depth
            if step_id in scope.loops:
                yield from lines(scope.loops[step_id])

    return list(lines(scopes_of(definition_from({"name": "run", **flow}))))


def _loops(view: View) -> list[str]:
    """Say how to see every iteration of a loop that has begun; the table shows the one that stands out."""
    outline = _outline(view["state"]["flow"])
    begun = [(step_id, depth) for step_id, depth in outline if "count" in view["state"]["stepInfos"][step_id]]
    return [
        f"every iteration: ventuno runs show {view['id']} --iterations {step_id}"
        + (f" --within {'.'.join('0' * depth)}" if depth else "")
        for step_id, depth in begun
    ]


def _head(view: View, slug: str) -> list[str]:
    caller = view["createdBy"]
    ended = f"{instant(view['endedAt'])} UTC, after {lasted(view)}" if view["endedAt"] else NOTHING
    lines = [
        f"{view['name']}  {view['status']}",
        f"run       {view['id']}",
        f"workflow  {slug} v{view['versionNumber']}",
        f"started   {instant(view['startedAt'])} UTC by {caller.get('name')} ({caller.get('source')})",
        f"ended     {ended}",
        f"payload   {brief(view['state']['stepInfos']['trigger'].get('result'))}",
    ]
    if view["error"]:
        lines.append(f"error     {view['error']}")
    if usage := view.get("usage"):
        lines.append(f"tokens    {usage['inputTokens']:,} in, {usage['outputTokens']:,} out")
    if view["chainCut"]:
        lines.append(f"cut       {_cut(view['chainCut'])}")
    return [printable(line) for line in lines]


def _cut(cut: View) -> str:
    """Say that a record event of the run started nothing, because it is the last of a long chain."""
    return (
        f"{cut['event']} of {cut['recordId']} did not start {', '.join(cut['workflows'])}: "
        f"this run is the last of a chain of {cut['limit']}"
    )


def figures_text(figures: View, width: int | None) -> str:
    """Write what a run cost: by step, then in all."""
    rows = [
        (step["id"], step["name"], str(step["transitions"]), _calls(step["calls"]))
        for step in figures["steps"]
    ]
    headings = ("STEP", "NAME", "TRANSITIONS", "AWS CALLS")
    table = table_text(Table(headings, rows, folds=("STEP", "NAME", "AWS CALLS"), optional=("NAME",)), width)
    each = f" ({figures['transitionsPerStep']} per step)" if figures["transitionsPerStep"] is not None else ""
    parts = (
        count(figures["executedSteps"], "executed step"),
        count(figures["transitions"], "transition") + each,
        count(figures["calls"], "AWS call"),
    )
    return f"{table}\n{', '.join(parts)}"


def _calls(calls: dict[str, int]) -> str:
    return ", ".join(f"{number} {operation}" for operation, number in calls.items()) or NOTHING


def change_text(change: Change, seconds: float) -> str:
    """Write one line of following a run; `seconds` have passed since it began."""
    what = change.name if change.step_id is None else f"{change.step_id}  {change.name}"
    error = f"  {full(change.error)}" if change.error is not None else ""
    return printable(f"{duration(seconds):>9}  {change.status:<{_STATUS_WIDTH}}  {what}{error}")
