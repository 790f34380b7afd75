"""A simulated run as people read it: how it ended, what it would cost, and one line per step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.tables import Table, table_text
from ventuno_dev.cli.wording import NOTHING, brief, count, duration, full, instant

if TYPE_CHECKING:
    from ventuno.definition.model import Definition

    Told = dict[str, Any]  # the JSON form of a simulation


def simulation_text(definition: Definition, told: Told, width: int | None) -> str:
    """Write one simulation."""
    table = Table(
        ("STEP", "NAME", "STATUS", "RUNS", "RESULT", "ERROR"),
        [_row(step.id, step.name, told) for step in definition.steps],
        folds=("STEP", "NAME", "ERROR"),
        cuts=("RESULT",),
        optional=("NAME",),
    )
    if all(row[-1] == NOTHING for row in table.rows):
        table = table.without("ERROR")
    faults = [f"fault of the machine: {fault}" for fault in told.get("faults", ())]
    return "\n".join([f"{definition.name}  {summary_text(told)}", table_text(table, width), *faults])


def summary_text(told: Told) -> str:
    """Write how a simulation ended on one line."""
    parts = [
        count(len(told["order"]), "executed step"),
        f"{duration(told['virtualSeconds'])} of virtual time",
    ]
    if told["transitions"] is not None:
        parts += [count(told["transitions"], "transition"), count(told["historyEvents"], "history event")]
    return f"{told['status']}  {', '.join(parts)}"


def _row(step_id: str, name: str, told: Told) -> tuple[str, ...]:
    info = told["steps"][step_id]
    runs = told["order"].count(step_id)
    result = _waiting(info["waitingFor"]) if "waitingFor" in info else brief(info["result"])
    return (step_id, name, info["status"], str(runs) if runs else NOTHING, result, full(info["error"]))


def _waiting(told: Told) -> str:
    match told["type"]:
        case "DELAY":
            return f"waits until {instant(told['until'])}"
        case "RETRY":
            return f"tries again at {instant(told['at'])}"
    return f"waits for an answer since {instant(told['since'])}"
