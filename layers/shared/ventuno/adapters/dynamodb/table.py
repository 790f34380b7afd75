"""One table spoken to in plain rows: requests, numbers and errors are translated here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ventuno import errors
from ventuno.adapters.dynamodb.errors import PASSING_CODES, code_of, translating
from ventuno.adapters.dynamodb.numbers import from_item, to_attribute, to_item, to_text_set

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject, JsonValue

_BATCH_LIMIT = 100
_WRITE_BATCH_LIMIT = 25
_LONGEST_PARTITION = 2048  # bytes, as the next
_LONGEST_SORT = 1024


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition expression with its values, by the names used in it.

    `#name` stands for the attribute `name`.
    """

    expression: str
    values: Mapping[str, JsonValue]


class RefusedError(Exception):
    """A condition did not hold; `row` is what is stored, if the service told it."""

    def __init__(self, row: JsonObject | None) -> None:
        self.row = row
        super().__init__("the condition did not hold")


class Table:
    """Reads are strongly consistent, except those of an index.

    A key that no row can have is not looked up: whatever callers ask for, the answer is that there is none.
    """

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, key: JsonObject) -> JsonObject | None:
        """Read one row."""
        if not _possible(key):
            return None
        with translating():
            item = self._client.get_item(TableName=self.name, Key=to_item(key), ConsistentRead=True).get(
                "Item"
            )
        return from_item(item) if item else None

    def get_many(self, keys: Sequence[JsonObject]) -> list[JsonObject]:
        """Read some rows in any order, up to 100 a request; missing ones are left out.

        Raises: StoreUnavailableError when the service keeps leaving keys out
        """
        rows: list[JsonObject] = []
        distinct = list({tuple(key.values()): key for key in keys if _possible(key)}.values())
        for start in range(0, len(distinct), _BATCH_LIMIT):
            rows += self._get_batch([to_item(key) for key in distinct[start : start + _BATCH_LIMIT]])
        return rows

    def _get_batch(self, keys: list[Any], tries: int = 5) -> list[JsonObject]:
        rows: list[JsonObject] = []
        for _ in range(tries):
            with translating():
                answer = self._client.batch_get_item(
                    RequestItems={self.name: {"Keys": keys, "ConsistentRead": True}}
                )
            rows += [from_item(item) for item in answer["Responses"].get(self.name, [])]
            left: Any = answer.get("UnprocessedKeys", {})
            keys = list(left.get(self.name, {}).get("Keys", []))
            if not keys:
                return rows
        raise errors.StoreUnavailableError(f"DynamoDB left {len(keys)} keys of {self.name} unread; try again")

    def put(self, row: JsonObject, condition: Condition | None = None) -> None:
        """Write one row. Raises: RefusedError"""
        with translating():
            try:
                self._client.put_item(TableName=self.name, Item=to_item(row), **_conditional(condition))
            except ClientError as error:
                _refuse(error)

    def update(self, key: JsonObject, expression: str, condition: Condition) -> JsonObject:
        """Change one row and return it whole; `condition.values` hold the expression's values too.

        Raises: RefusedError
        """
        if condition.expression and not _possible(key):
            raise RefusedError(None)
        with translating():
            try:
                answer = self._client.update_item(
                    TableName=self.name,
                    Key=to_item(key),
                    UpdateExpression=expression,
                    ReturnValues="ALL_NEW",
                    **_conditional(condition, expression),
                )
            except ClientError as error:
                _refuse(error)
                raise
        return from_item(answer["Attributes"])

    def put_many(self, rows: Sequence[JsonObject], gone: Sequence[JsonObject] = ()) -> None:
        """Write rows, and delete those of some keys, one by one, 25 a request.

        Raises: StoreUnavailableError when the service keeps leaving rows out
        """
        requests = [
            *({"PutRequest": {"Item": to_item(row)}} for row in rows),
            *({"DeleteRequest": {"Key": to_item(key)}} for key in gone),
        ]
        for start in range(0, len(requests), _WRITE_BATCH_LIMIT):
            self._write_batch(requests[start : start + _WRITE_BATCH_LIMIT])

    def _write_batch(self, requests: Any, tries: int = 5) -> None:  # noqa: ANN401 - the stubs have no name for one
        for _ in range(tries):
            with translating():
                answer = self._client.batch_write_item(RequestItems={self.name: requests})
            requests = answer.get("UnprocessedItems", {}).get(self.name, [])
            if not requests:
                return
        raise errors.StoreUnavailableError(
            f"DynamoDB left {len(requests)} rows of {self.name} unwritten; try again"
        )

    def add_to_sets(self, key: JsonObject, added: Mapping[str, Collection[str]]) -> None:
        """Add texts to sets of a row that exists, by attribute. Raises: RefusedError"""
        named = list(enumerate(added.items()))
        adds = ", ".join(f"#set{index} :texts{index}" for index, _ in named)
        with translating():
            try:
                self._client.update_item(
                    TableName=self.name,
                    Key=to_item(key),
                    UpdateExpression=f"ADD {adds}",
                    ConditionExpression="attribute_exists(PK)",
                    ExpressionAttributeNames={f"#set{index}": name for index, (name, _) in named},
                    ExpressionAttributeValues={
                        f":texts{index}": to_text_set(texts) for index, (_, texts) in named
                    },
                )
            except ClientError as error:
                _refuse(error)

    def hold_in_set(self, key: JsonObject, attribute: str, text: str, most: int) -> None:
        """Put a text into a set that may have `most`, where it may be already. Raises: RefusedError"""
        room = "attribute_not_exists(#set) OR size(#set) < :most OR contains(#set, :text)"
        values = {":most": to_attribute(most), ":text": to_attribute(text)}
        self._change_set(key, attribute, "ADD", text, {"ConditionExpression": room}, values)

    def take_from_set(self, key: JsonObject, attribute: str, text: str) -> None:
        """Take a text out of a set, if it is there."""
        self._change_set(key, attribute, "DELETE", text, {}, {})

    def _change_set(
        self,
        key: JsonObject,
        attribute: str,
        verb: str,
        text: str,
        condition: dict[str, Any],
        values: dict[str, Any],
    ) -> None:
        with translating():
            try:
                self._client.update_item(
                    TableName=self.name,
                    Key=to_item(key),
                    UpdateExpression=f"{verb} #set :texts",
                    ExpressionAttributeNames={"#set": attribute},
                    ExpressionAttributeValues={":texts": to_text_set([text]), **values},
                    **condition,
                )
            except ClientError as error:
                _refuse(error)

    def transact(
        self, puts: Sequence[tuple[JsonObject, Condition | None]], deletes: Sequence[JsonObject] = ()
    ) -> None:
        """Write rows and delete those of some keys, together or not at all. Raises: RefusedError"""
        actions: Any = [
            {"Put": {"TableName": self.name, "Item": to_item(row), **_conditional(condition)}}
            for row, condition in puts
        ]
        actions += [{"Delete": {"TableName": self.name, "Key": to_item(key)}} for key in deletes]
        with translating():
            try:
                self._client.transact_write_items(TransactItems=actions)
            except ClientError as error:
                _refuse_cancelled(error)

    def query(
        self, request: Mapping[str, Any], values: Mapping[str, JsonValue]
    ) -> tuple[list[JsonObject], Any]:
        """Read one page of rows and the key to go on from, or None at the end.

        `values` are those of the key condition; `pk` is the partition.
        """
        bounds = (value for name, value in values.items() if name != "pk")
        if not _possible({"PK": values["pk"]}) or not all(_fits(bound, _LONGEST_SORT) for bound in bounds):
            return [], None
        attributes: Any = {f":{name}": to_attribute(value) for name, value in values.items()}
        with translating():
            answer = self._client.query(TableName=self.name, ExpressionAttributeValues=attributes, **request)
        return [from_item(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def _possible(key: Mapping[str, JsonValue]) -> bool:
    """Tell whether a row may have a key; DynamoDB refuses to look for any other.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    """
    return _fits(key["PK"], _LONGEST_PARTITION) and _fits(key.get("SK", "-"), _LONGEST_SORT)


def _fits(part: JsonValue, longest: int) -> bool:
    return not isinstance(part, str) or 0 < len(part.encode(errors="surrogatepass")) <= longest


def _conditional(condition: Condition | None, expression: str = "") -> dict[str, Any]:
    if condition is None:
        return {}
    words = (
        f"{condition.expression} {expression}".replace(",", " ").replace("(", " ").replace(")", " ").split()
    )
    names = {word: word[1:] for word in words if word.startswith("#")}
    request: dict[str, Any] = {}
    if condition.expression:
        request = {
            "ConditionExpression": condition.expression,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    if names:
        request["ExpressionAttributeNames"] = names
    if condition.values:
        request["ExpressionAttributeValues"] = {f":{k}": to_attribute(v) for k, v in condition.values.items()}
    return request


def _refuse(error: ClientError) -> None:
    """Turn a failed condition into RefusedError and let anything else pass on."""
    if code_of(error) != "ConditionalCheckFailedException":
        raise error
    item: Any = error.response.get("Item")
    raise RefusedError(from_item(item) if item else None) from error


def _refuse_cancelled(error: ClientError) -> None:
    reasons: Any = error.response.get("CancellationReasons", [])
    failed = [reason for reason in reasons if reason.get("Code") == "ConditionalCheckFailed"]
    passing = {reason.get("Code") for reason in reasons} & {"TransactionConflict", *PASSING_CODES}
    if passing and not failed:
        raise errors.StoreUnavailableError(f"the transaction cannot be made now: {error}") from error
    if not failed:
        raise error
    item: Any = failed[0].get("Item")
    raise RefusedError(from_item(item) if item else None) from error
