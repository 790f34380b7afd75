"""Where a step stands, in the cells of a table: what it came to, what it waits for, how far a loop is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.wording import (
    BRIEF_LENGTH,
    NOTHING,
    brief,
    count,
    cut,
    duration,
    full,
    instant,
    seconds_between,
)

if TYPE_CHECKING:
    from ventuno_dev.cli.tables import Table

    Info = dict[str, Any]  # a step's info, as in the JSON views of `ventuno.runs.view`

STEP_HEADINGS = ("STATUS", "DURATION", "RESULT", "ERROR")


def step_cells(info: Info) -> tuple[str, ...]:
    """Write the cells of STEP_HEADINGS."""
    return (info["status"], lasted(info), _result(info), full(info.get("error")))


def lasted(timed: Info) -> str:
    """Write how long a step or a run took."""
    return duration(seconds_between(timed.get("startedAt"), timed.get("endedAt")))


def without_empty(table: Table, heading: str) -> Table:
    """Leave a column out that says nothing in any row."""
    index = table.headings.index(heading)
    return table.without(heading) if all(row[index] == NOTHING for row in table.rows) else table


def _result(info: Info) -> str:
    if info.get("waitingFor") is not None:
        return _waiting(info["waitingFor"])
    return _progress(info) if "count" in info else brief(info.get("result"))


def _waiting(waiting: Info) -> str:
    """Write what a step waits for, and until when if that is known."""
    match waiting["type"]:
        case "DELAY":
            return f"waits until {instant(waiting['until'])} UTC"
        case "RETRY":
            return f"retry {waiting['attempt']} of {waiting['of']} at {instant(waiting['at'])} UTC"
        case "FORM":
            until = f", until {instant(waiting['until'])} UTC" if "until" in waiting else ""
            return f"waits for an answer since {instant(waiting['since'])} UTC{until}"
        case _:
            return brief(waiting)


def _progress(info: Info) -> str:
    """Write how far a loop is: the item it last began with, or all of them."""
    total, result = info["count"], info.get("result") or {}
    if result.get("hasProcessedAllItems"):
        return count(total, "item")
    if "currentItemIndex" not in result:
        return f"none of {count(total, 'item')} yet"
    place, item = f"item {result['currentItemIndex'] + 1} of {total}", brief(result.get("currentItem"))
    return place if item == NOTHING else cut(f"{place}: {item}", BRIEF_LENGTH)
