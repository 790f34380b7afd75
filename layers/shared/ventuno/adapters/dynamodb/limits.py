"""LimitStore in the runs table.

Item:   window {PK: LIMIT#<owner>, SK: <seconds>S, newest: slot, count, s0 … s60: counts by slot, expiresAt}
        places {PK: LIMIT#<owner>, SK: PLACES, holders: set of run ids}
        A slot's count is in s<slot modulo 61>, `count` is the sum of them all, and `newest` tells which
        slots they are of: it and the 60 before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.workflow.windows import SLOTS, Turn

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.workflow.windows import Window

_HOLDERS = "holders"
_RING: Final = SLOTS + 1
_MOST_TRIES: Final = 10
"""Somebody else has moved the row on to a newer slot each time; within one slot that happens once."""
_MOST_SEEN: Final = 1_000


class DynamoLimitStore:
    """Each window is one row, changed by one conditional update.

    A process that last saw the row otherwise than it is needs one more, for it is told then what is there.
    """

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)
        self._seen: dict[tuple[str, int], JsonObject] = {}

    def take(self, window: Window, now: datetime) -> Turn:
        """Count one more, unless there are as many as there may be. Raises: StoreUnavailableError"""
        slot = window.slot(now)
        change = _change(window, self._seen.get((window.owner, window.seconds), {"newest": slot}), slot)
        for _ in range(_MOST_TRIES):
            values = {**change.condition.values, "expires": int(now.timestamp()) + 2 * window.seconds}
            held = Condition(change.condition.expression, values)
            try:
                row = self._table.update(_key(window.owner, _name(window)), change.expression, held)
            except RefusedError as refused:
                row = refused.row or {}
                newest = max(slot, _newest(row))
                counts = window.live(_counts(row), newest)
                if window.full(counts):
                    return Turn(None, window.seconds_to_room(counts, now))
                change = _change(window, row, slot)
            else:
                self._remember(window, row)
                return Turn(change.slot)
        raise errors.StoreUnavailableError(f"too many count the runs of {window.owner} at once; try again")

    def _remember(self, window: Window, row: JsonObject) -> None:
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[window.owner, window.seconds] = row

    def give_back(self, window: Window, slot: int) -> None:
        """Count one less, if the slot counts still. Raises: StoreUnavailableError"""
        there = Condition("#newest <= :last", {"last": slot + SLOTS, "less": -1})
        try:
            self._table.update(
                _key(window.owner, _name(window)), f"ADD #count :less, {_place(slot)} :less", there
            )
        except RefusedError:
            return

    def hold(self, owner: str, run_id: str, most: int) -> bool:
        """Take a place, unless all are taken by others. Raises: StoreUnavailableError"""
        try:
            self._table.hold_in_set(_key(owner, "PLACES"), _HOLDERS, run_id, most)
        except RefusedError:
            return False
        return True

    def release(self, owner: str, run_id: str) -> None:
        """Give a place up. Raises: StoreUnavailableError"""
        self._table.take_from_set(_key(owner, "PLACES"), _HOLDERS, run_id)


@dataclass(frozen=True, slots=True)
class _Change:
    """How a row is changed so that one more is counted in `slot`."""

    slot: int
    expression: str
    condition: Condition


def _change(window: Window, row: JsonObject, slot: int) -> _Change:
    """Count in the newest slot of a row, which a clock that is behind does too, or in a newer one."""
    return _one_more(window, _newest(row)) if _newest(row) >= slot else _move_on(window, row, slot)


def _one_more(window: Window, slot: int) -> _Change:
    """Count in the row's newest slot."""
    return _Change(
        slot,
        f"SET #expiresAt = :expires ADD #count :one, {_place(slot)} :one",
        Condition("#newest = :slot AND #count < :most", {"slot": slot, "most": window.most, "one": 1}),
    )


def _move_on(window: Window, row: JsonObject, slot: int) -> _Change:
    """Count in a slot newer than any of the row, and drop what counts no more, as it was read.

    The condition names every dropped count, because one may have been given back since.
    """
    before = _counts(row)
    gone = {_place(one): before[one] for one in before if one not in window.live(before, slot)}
    values: dict[str, Any] = {"slot": slot, "one": 1, "change": 1 - sum(gone.values())}
    conditions = ["attribute_not_exists(#newest)"]
    if row:
        values |= {"before": _newest(row), "most": window.most + sum(gone.values())}
        values |= {place[1:]: count for place, count in gone.items()}
        conditions = ["#newest = :before", "#count < :most", *(f"{place} = :{place[1:]}" for place in gone)]
    removed = ", ".join(place for place in gone if place != _place(slot))
    expression = f"SET #newest = :slot, #expiresAt = :expires, {_place(slot)} = :one ADD #count :change"
    expression += f" REMOVE {removed}" if removed else ""
    return _Change(slot, expression, Condition(" AND ".join(conditions), values))


def _counts(row: JsonObject) -> dict[int, int]:
    """Read the counts by slot."""
    if not row:
        return {}
    slots = {_place(slot)[1:]: slot for slot in range(_newest(row) - SLOTS, _newest(row) + 1)}
    stored: Any = {slots[name]: count for name, count in row.items() if name in slots}
    return dict(stored)


def _newest(row: JsonObject) -> int:
    newest: Any = row.get("newest", -1)
    return int(newest)


def _place(slot: int) -> str:
    return f"#s{slot % _RING}"


def _name(window: Window) -> str:
    return f"{window.seconds}S"


def _key(owner: str, sort_key: str) -> JsonObject:
    return {"PK": f"LIMIT#{owner}", "SK": sort_key}
