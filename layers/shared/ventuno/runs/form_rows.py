"""Where waiting forms are listed: in the indexes of runs, by keys that their own rows have while they wait.

Item:   {statusPk: FORMS, statusSk: <until>#<run>#<step>#<iteration>}, with an assignee also
        {workflowPk: FORMS#<assignee>, workflowSk: the same}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState

FORMS: Final = "FORMS"


def forms_partition(assignee: str | None) -> tuple[str, str]:
    """Return the index that lists waiting forms, and the partition of all, or of one assignee."""
    return ("status", FORMS) if assignee is None else ("workflow", f"{FORMS}#{assignee}")


def form_index(run_id: str, state: StepState) -> JsonObject:
    """Return the keys under which a form is listed, those that close first before the others."""
    waiting: Any = state.waiting_for or {}
    order = f"{waiting.get('until', '')}#{run_id}#{state.step_id}#{state.iteration}"
    keys: JsonObject = {"statusPk": FORMS, "statusSk": order}
    if assignee := waiting.get("assignee"):
        keys |= {"workflowPk": forms_partition(assignee)[1], "workflowSk": order}
    return keys
