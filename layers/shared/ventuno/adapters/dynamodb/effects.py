"""EffectStore in the runs table.

Item:   {PK: "EFFECT#<key>", SK: "NOTE", state, attempt, result?: "<JSON>", expiresAt}
        {PK: "COUNTER#<name>", SK: "NEXT", next: n, expiresAt}
        {PK: "COUNTER#<name>", SK: "KEY#<key>", number: n, expiresAt}
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.effects import COUNTER_DAYS, KEPT_DAYS, Effect, EffectState

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.ports import Clock

_MOST_TRIES: Final = 40
_LONGEST_PAUSE_SECONDS: Final = 0.4
_FREE: Final = Condition(
    "attribute_not_exists(PK) OR #state = :free OR (#state = :unsure AND #attempt < :attempt)", {}
)


class DynamoEffects:
    """One row per effect, two rows per number that a counter gave."""

    def __init__(
        self,
        client: DynamoDBClient,
        table_name: str,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = Table(client, table_name)
        self._clock = clock
        self._pause = pause

    def begin(self, key: str, attempt: int) -> Effect | None:
        """Note that an effect may happen, or return what keeps it from that. Raises: StoreUnavailableError"""
        values: JsonObject = {
            "free": EffectState.FREE.value,
            "unsure": EffectState.UNSURE.value,
            "attempt": attempt,
        }
        row = _key(key) | {
            "state": EffectState.BEGUN.value,
            "attempt": attempt,
            "expiresAt": self._after(KEPT_DAYS),
        }
        try:
            self._table.put(row, Condition(_FREE.expression, values))
        except RefusedError as refused:
            return _effect(refused.row) if refused.row else self.get(key)
        return None

    def get(self, key: str) -> Effect | None:
        """Return what is noted. Raises: StoreUnavailableError"""
        row = self._table.get(_key(key))
        return _effect(row) if row else None

    def finish(self, key: str, result: JsonObject) -> None:
        """Note that it has happened. Raises: StoreUnavailableError"""
        text = json.dumps(result, ensure_ascii=False)
        self._set(key, EffectState.DONE, ", #result = :result", {"result": text})

    def take_back(self, key: str) -> None:
        """Note that it has not happened. Raises: StoreUnavailableError"""
        self._set(key, EffectState.FREE, "", {})

    def doubt(self, key: str, attempt: int) -> None:
        """Note that nobody can tell. Raises: StoreUnavailableError"""
        self._set(key, EffectState.UNSURE, ", #attempt = :attempt", {"attempt": attempt})

    def ticket(self, counter: str, key: str) -> int:
        """Return the next number; the same key gets the same.

        A number and its key are written together, so neither is there without the other; whoever finds the
        counter moved on tries again.

        Raises: StoreUnavailableError when too many want a number at once
        """
        for turn in range(_MOST_TRIES):
            next_row, own = self._read(counter, key)
            if own is not None:
                return own
            if self._take(counter, key, next_row):
                return next_row or 0
            self._pause(_pause_seconds(key, turn))
        raise errors.StoreUnavailableError(f"too many steps count with {counter} at once; try again")

    def _read(self, counter: str, key: str) -> tuple[int | None, int | None]:
        rows: Any = self._table.get_many([_next_key(counter), _ticket_key(counter, key)])
        by_kind = {row["SK"]: row for row in rows}
        own = next((row["number"] for sk, row in by_kind.items() if sk != "NEXT"), None)
        return by_kind["NEXT"]["next"] if "NEXT" in by_kind else None, own

    def _take(self, counter: str, key: str, expected: int | None) -> bool:
        expires_at = self._after(COUNTER_DAYS)
        number = expected or 0
        absent = Condition("attribute_not_exists(PK)", {})
        held = absent if expected is None else Condition("#next = :next", {"next": expected})
        try:
            self._table.transact(
                [
                    (_next_key(counter) | {"next": number + 1, "expiresAt": expires_at}, held),
                    (_ticket_key(counter, key) | {"number": number, "expiresAt": expires_at}, absent),
                ]
            )
        except (RefusedError, errors.StoreUnavailableError):
            return False  # somebody else was faster; what is really unavailable shows in the next read
        return True

    def _set(self, key: str, state: EffectState, more: str, values: JsonObject) -> None:
        given: JsonObject = {"state": state.value, "expiresAt": self._after(KEPT_DAYS), **values}
        expression = f"SET #state = :state, #expiresAt = :expiresAt{more}"
        self._table.update(_key(key), expression, Condition("", given))

    def _after(self, days: int) -> int:
        return int((self._clock.now() + timedelta(days=days)).timestamp())


def _key(key: str) -> JsonObject:
    return {"PK": f"EFFECT#{key}", "SK": "NOTE"}


def _next_key(counter: str) -> JsonObject:
    return {"PK": f"COUNTER#{counter}", "SK": "NEXT"}


def _ticket_key(counter: str, key: str) -> JsonObject:
    return {"PK": f"COUNTER#{counter}", "SK": f"KEY#{key}"}


def _effect(row: JsonObject) -> Effect:
    fields: Any = row
    result = json.loads(fields["result"]) if "result" in fields else None
    return Effect(EffectState(fields["state"]), int(fields["attempt"]), result)


def _pause_seconds(key: str, turn: int) -> float:
    """Wait longer with each turn, and each key another time, so that not all come back at once."""
    share = hashlib.sha256(f"{key}#{turn}".encode()).digest()[0] / 255
    return min(_LONGEST_PAUSE_SECONDS, 0.01 * 2.0**turn) * (0.2 + 0.8 * share)
