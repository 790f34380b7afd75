"""Iterations of a loop as people read them: one row for each step of each iteration, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.step_text import STEP_HEADINGS, step_cells, without_empty
from ventuno_dev.cli.tables import Table, table_text
from ventuno_dev.cli.wording import brief, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    View = dict[str, Any]  # the answer of `ventuno.runtime.show_iterations`

_LONGEST_ITEM = 40


def iterations_text(view: View, width: int | None) -> str:
    """Write some iterations."""
    where = f"{view['iterator']} within {view['within']}" if view["within"] else view["iterator"]
    if view["count"] is None:
        return f"{where} has not begun"
    shown = view["iterations"]
    if not shown:
        return f"{where} has no items"
    headings = ("ITERATION", "ITEM", "STEP", *STEP_HEADINGS)
    table = Table(headings, list(_rows(shown)), folds=("STEP", "ERROR"), cuts=("ITEM", "RESULT"))
    following = shown[-1]["index"] + 1
    more = [f"more: add --from {following}"] if following < view["count"] else []
    head = f"{where}  {count(view['count'], 'item')}"
    return "\n".join([head, table_text(without_empty(table, "ERROR"), width), *more])


def _rows(iterations: list[View]) -> Iterator[tuple[str, ...]]:
    """Yield the rows; the iteration and its item stand in the first of theirs only."""
    for iteration in iterations:
        lead = (str(iteration["index"]), brief(iteration["item"], _LONGEST_ITEM))
        for step_id, info in iteration["steps"].items():
            yield (*lead, step_id, *step_cells(info))
            lead = ("", "")
