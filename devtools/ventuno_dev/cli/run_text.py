"""Runs as people read them: a list, one run with its steps, its figures, and the lines of following it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.tables import Table, printable, table_text
from ventuno_dev.cli.wording import NOTHING, brief, count, duration, full, instant, seconds_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno_dev.run_following import Change

    View = dict[str, Any]  # the JSON views of `ventuno.runs.view`

_STATUS_WIDTH = 13  # the longest is FAILED_SAFELY


def runs_text(runs: Sequence[View], width: int | None) -> str:
    """Write a list of runs."""
    rows = [
        (run["id"], run["name"], run["status"], instant(run["startedAt"]), _duration(run)) for run in runs
    ]
    headings = ("RUN", "NAME", "STATUS", "STARTED (UTC)", "DURATION")
    return table_text(Table(headings, rows, folds=("NAME",), optional=("DURATION",)), width)


def run_text(view: View, slug: str, width: int | None) -> str:
    """Write one run and a table of its steps."""
    steps = Table(
        ("STEP", "NAME", "STATUS", "DURATION", "RESULT", "ERROR"),
        [_step_row(step, view["state"]["stepInfos"][step["id"]]) for step in view["state"]["flow"]["steps"]],
        folds=("STEP", "NAME", "ERROR"),
        cuts=("RESULT",),
    )
    if all(row[-1] == NOTHING for row in steps.rows):
        steps = steps.without("ERROR")
    return "\n".join([*_head(view, slug), table_text(steps, width)])


def _head(view: View, slug: str) -> list[str]:
    caller = view["createdBy"]
    ended = f"{instant(view['endedAt'])} UTC, after {_duration(view)}" if view["endedAt"] else NOTHING
    lines = [
        f"{view['name']}  {view['status']}",
        f"run       {view['id']}",
        f"workflow  {slug} v{view['versionNumber']}",
        f"started   {instant(view['startedAt'])} UTC by {caller.get('name')} ({caller.get('source')})",
        f"ended     {ended}",
        f"payload   {brief(view['state']['stepInfos']['trigger'].get('result'))}",
    ]
    return [printable(line) for line in ([*lines, f"error     {view['error']}"] if view["error"] else lines)]


def _step_row(step: View, info: View) -> tuple[str, ...]:
    result, error = brief(info.get("result")), full(info.get("error"))
    return (step["id"], step["name"], info["status"], _duration(info), result, error)


def _duration(timed: View) -> str:
    return duration(seconds_between(timed.get("startedAt"), timed.get("endedAt")))


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
