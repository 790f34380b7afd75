"""Where forms are listed: in the indexes of runs, by keys of their own rows, while something is to be done.

Item:   while it waits {statusPk: FORMS, statusSk: <until>#<run>#<step>#<iteration>}, with an assignee also
        {workflowPk: FORMS#<assignee>, workflowSk: the same};
        until its machine was told of the answer {statusPk: ANSWERED, statusSk: <answeredAt>#<run>#<step>#…}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState

FORMS: Final = "FORMS"
ANSWERED: Final = "ANSWERED"


def forms_partition(assignee: str | None) -> tuple[str, str]:
    """Return the index that lists waiting forms, and the partition of all, or of one assignee."""
    return ("status", FORMS) if assignee is None else ("workflow", f"{FORMS}#{assignee}")


def form_index(run_id: str, state: StepState) -> JsonObject:
    """Return the keys under which a form is listed: one that waits, or whose answer nobody was told of."""
    if state.untold:
        answered = f"{state.ended_at}#{run_id}#{state.step_id}#{state.iteration}"
        return {"statusPk": ANSWERED, "statusSk": answered}
    return _waiting_index(run_id, state) if state.asks else {}


def _waiting_index(run_id: str, state: StepState) -> JsonObject:
    """Those that close first stand before the others."""
    waiting: Any = state.waiting_for or {}
    order = f"{waiting.get('until', '')}#{run_id}#{state.step_id}#{state.iteration}"
    keys: JsonObject = {"statusPk": FORMS, "statusSk": order}
    if assignee := waiting.get("assignee"):
        keys |= {"workflowPk": forms_partition(assignee)[1], "workflowSk": order}
    return keys


def listed_at(key: str) -> tuple[str, Place]:
    """Read where a listed form is: its run, and its place in it."""
    _, run_id, step_id, iteration = key.split("#")
    return run_id, Place(step_id, iteration)
