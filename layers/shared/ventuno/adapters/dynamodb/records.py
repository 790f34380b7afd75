"""DynamoRecordStore: the records table in DynamoDB.

The table is read strongly consistent; the indexes cannot be, so a listing may lag a moment.
Listings read byObject; counts read keysByObject, which has a quarter of the bytes or less.
A transaction's ClientRequestToken is left to botocore: one per call, the same over the client's own retries.
A token of ours would fail when a retried step differs by a timestamp; the key's row is for that case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors
from ventuno.adapters.dynamodb.errors import PASSING_CODES, code_of, translated, translating
from ventuno.adapters.dynamodb.numbers import from_item, to_attribute, to_item
from ventuno.records.store import (
    Absent,
    RowConflictError,
    RowCount,
    RowDelete,
    RowKey,
    RowPage,
    changed_key,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.records.store import Row, RowChange, RowCondition, RowQuery

_KEYS_PER_READ = 100
_READS = 8  # of the same keys, when the service leaves some unprocessed


class DynamoRecordStore:
    """Rows of one table, through boto3's low-level client, which may be shared between threads."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def get_rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, Row]:
        """Read the rows that exist, strongly consistent; 100 keys are one request.

        Raises: StoreUnavailableError
        """
        distinct = list(dict.fromkeys(keys))
        chunks = (
            distinct[start : start + _KEYS_PER_READ] for start in range(0, len(distinct), _KEYS_PER_READ)
        )
        return {key_of(row): row for chunk in chunks for row in self._read(chunk)}

    def query_rows(self, query: RowQuery) -> RowPage:
        """Read one page, at most 1 MB.

        Raises: StoreUnavailableError
        """
        request = self._query(query)
        if request is None:
            return RowPage((), None)
        with translating():
            answer = self._client.query(**request)
        sort = "listSk" if query.listed else "SK"
        rows = (from_item(item) for item in answer["Items"] if item[sort].get("S") != query.after)
        return RowPage(tuple(rows), _place(query, answer))

    def count_rows(self, query: RowQuery) -> RowCount:
        """Count the rows of one page, at most 1 MB, without fetching them.

        Raises: StoreUnavailableError
        """
        request = self._query(query)
        if request is None:
            return RowCount(0, None)
        if query.listed:
            request["IndexName"] = "keysByObject"
        with translating():
            answer = self._client.query(**request, Select="COUNT")
        return RowCount(answer["Count"], _place(query, answer))

    def write(self, changes: Sequence[RowChange]) -> None:
        """Apply the changes in one transaction.

        Raises: RowConflictError, StoreUnavailableError
        Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
        """
        try:
            self._client.transact_write_items(TransactItems=[self._change(change) for change in changes])
        except ClientError as exc:
            if code_of(exc) == "TransactionCanceledException":
                raise _cancelled(exc, changes) from exc
            raise translated(exc) from exc
        except BotoCoreError as exc:
            raise translated(exc) from exc

    def _read(self, keys: Sequence[RowKey]) -> Iterator[Row]:
        wanted: Any = {self._table: {"Keys": [_key(key) for key in keys], "ConsistentRead": True}}
        for _ in range(_READS):
            with translating():
                answer = self._client.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(self._table, []):
                yield from_item(item)
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return
        raise errors.StoreUnavailableError(f"DynamoDB left keys of {self._table} unread {_READS} times")

    def _query(self, query: RowQuery) -> dict[str, Any] | None:
        """Return the request of a query, or None when its bounds leave nothing, which the service refuses."""
        condition, bounds = _bounds(query)
        if len(bounds) > 1 and bounds[":low"] > bounds[":high"]:
            return None
        partition, sort = ("listPk", "listSk") if query.listed else ("PK", "SK")
        place: dict[str, Any] = {"IndexName": "byObject"} if query.listed else {"ConsistentRead": True}
        return {
            **place,
            **_projection(query.columns),
            "TableName": self._table,
            "ScanIndexForward": not query.backward,
            "KeyConditionExpression": f"{partition} = :partition{condition.format(sort=sort)}",
            "ExpressionAttributeValues": {
                ":partition": to_attribute(query.partition),
                **{name: to_attribute(bound) for name, bound in bounds.items()},
            },
            # Backward one more, because the row that is passed over comes along.
            **({} if query.limit is None else {"Limit": query.limit + query.backward}),
        }

    def _change(self, change: RowChange) -> Any:  # noqa: ANN401  the stubs have no name for one element
        request = {"TableName": self._table} | _condition(change.condition)
        if isinstance(change, RowDelete):
            return {"Delete": request | {"Key": _key(change.key)}}
        return {"Put": request | {"Item": to_item(change.row)}}


def _bounds(query: RowQuery) -> tuple[str, dict[str, str]]:
    """Return the condition on the sort key with its values; the service takes one condition only.

    BETWEEN includes both ends. Forward, the end that is passed over is replaced by the next possible text;
    backward there is no such text, so that row comes along and is dropped.
    """
    high, low = (query.after, query.until) if query.backward else (query.until, query.after)
    if low is not None and not query.backward:
        low += "\0"
    bounds = {name: bound for name, bound in ((":low", low), (":high", high)) if bound is not None}
    conditions = {
        (): "",
        (":low",): " AND {sort} >= :low",
        (":high",): " AND {sort} <= :high",
        (":low", ":high"): " AND {sort} BETWEEN :low AND :high",
    }
    return conditions[tuple(bounds)], bounds


def _projection(columns: tuple[str, ...] | None) -> dict[str, Any]:
    if columns is None:
        return {}
    names = {f"#{number}": column for number, column in enumerate(columns)}
    paths = ["listSk", *(f"#fields.{name}" for name in names)]
    aliases = {"ExpressionAttributeNames": {"#fields": "fields", **names}} if names else {}
    return {"ProjectionExpression": ",".join(paths), **aliases}


def _place(query: RowQuery, answer: Any) -> str | None:  # noqa: ANN401  any answer to a query
    last = answer.get("LastEvaluatedKey")
    return str(last["listSk" if query.listed else "SK"]["S"]) if last else None


def _key(key: RowKey) -> dict[str, Any]:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def _condition(condition: RowCondition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    answer = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if isinstance(condition, Absent):
        return answer | {"ConditionExpression": "attribute_not_exists(PK)"}
    return answer | {
        "ConditionExpression": "#held = :held",
        "ExpressionAttributeNames": {"#held": condition.attribute},
        "ExpressionAttributeValues": {":held": to_attribute(condition.value)},
    }


def _cancelled(exc: ClientError, changes: Sequence[RowChange]) -> errors.VentunoError:
    reasons: Any = exc.response.get("CancellationReasons", [])
    codes = {reason.get("Code") for reason in reasons}
    refused = {
        changed_key(change): from_item(reason["Item"]) if reason.get("Item") else None
        for change, reason in zip(changes, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    }
    if refused or "TransactionConflict" in codes:
        return RowConflictError(refused, contended="TransactionConflict" in codes)
    if codes & PASSING_CODES:
        return errors.StoreUnavailableError(f"DynamoDB could not take the transaction now: {exc}")
    return errors.TerminalStepError(f"DynamoDB refused the transaction: {exc}")
