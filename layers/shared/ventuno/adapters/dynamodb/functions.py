"""FunctionStore in the workflows table; item shapes in `ventuno.logic.store`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.logic.store import ALL, fields_of, function_from, newest_key, version_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.logic.store import StoredFunction

_ABSENT = Condition("attribute_not_exists(PK)", {})


class DynamoFunctionStore:
    """One partition for the newest versions, one per function for all."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def newest(self, name: str) -> StoredFunction | None:
        """Read the newest version. Raises: StoreUnavailableError"""
        row = self._table.get(newest_key(name))
        return function_from(row) if row else None

    def version(self, name: str, number: int) -> StoredFunction | None:
        """Read one version. Raises: StoreUnavailableError"""
        row = self._table.get(version_key(name, number))
        return function_from(row) if row else None

    def all(self) -> Sequence[StoredFunction]:
        """List the functions by name. Raises: StoreUnavailableError"""
        found: list[StoredFunction] = []
        start: Any = None
        while True:
            request: dict[str, Any] = {"KeyConditionExpression": "PK = :pk", "ConsistentRead": True}
            more = {"ExclusiveStartKey": start} if start else {}
            rows, start = self._table.query(request | more, {"pk": ALL})
            found += map(function_from, rows)
            if not start:
                return [one for one in found if not one.deleted]

    def save(self, function: StoredFunction) -> None:
        """Store the next version, under both keys at once. Raises: ConflictError, StoreUnavailableError"""
        before = function.number - 1
        held = Condition("#number = :before", {"before": before}) if before else _ABSENT
        newest = newest_key(function.name) | fields_of(function)
        each = version_key(function.name, function.number) | fields_of(function)
        try:
            self._table.transact([(newest, held), (each, None)])
        except RefusedError as refused:
            raise errors.ConflictError(f"somebody changed {function.name} meanwhile; try again") from refused

    def delete(self, name: str) -> bool:
        """Mark a function as deleted. Raises: StoreUnavailableError"""
        there = Condition("attribute_exists(PK) AND attribute_not_exists(#deleted)", {"yes": True})
        try:
            self._table.update(newest_key(name), "SET #deleted = :yes", there)
        except RefusedError:
            return False
        return True
