"""LimitStore in the runs table.

Item:   window {PK: LIMIT#<owner>, SK: <window>, count, expiresAt}
        places {PK: LIMIT#<owner>, SK: PLACES, holders: set of run ids}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject

_HOLDERS = "holders"


class DynamoLimitStore:
    """Each count is one row, changed by one conditional update."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def take(self, owner: str, window: str, most: int, expires_at: int) -> bool:
        """Count one more, unless there are `most`. Raises: StoreUnavailableError"""
        room = Condition(
            "attribute_not_exists(#count) OR #count < :most",
            {"most": most, "one": 1, "expires": expires_at},
        )
        try:
            self._table.update(_key(owner, window), "SET #expiresAt = :expires ADD #count :one", room)
        except RefusedError:
            return False
        return True

    def give_back(self, owner: str, window: str) -> None:
        """Count one less. Raises: StoreUnavailableError"""
        self._table.update(_key(owner, window), "ADD #count :less", Condition("", {"less": -1}))

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


def _key(owner: str, window: str) -> JsonObject:
    return {"PK": f"LIMIT#{owner}", "SK": window}
