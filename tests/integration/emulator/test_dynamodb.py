"""DynamoDB under concurrent writers, and the answers that the product's stores rely on."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.emulator.aws import Clients

pytestmark = pytest.mark.emulator

WRITERS = 32


def _key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}, "sk": {"S": "-"}}


def test_no_update_of_32_writers_is_lost(clients: Clients) -> None:
    table, dynamodb = clients.table(), clients.client("dynamodb")

    def count(_: int) -> None:
        values = {":one": {"N": "1"}}
        dynamodb.update_item(
            TableName=table, Key=_key("n"), UpdateExpression="ADD n :one", ExpressionAttributeValues=values
        )

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(count, range(WRITERS * 10)))

    assert dynamodb.get_item(TableName=table, Key=_key("n"))["Item"]["n"] == {"N": str(WRITERS * 10)}


def test_only_one_of_32_conditional_puts_wins(clients: Clients) -> None:
    table, dynamodb = clients.table(), clients.client("dynamodb")

    def put(number: int) -> bool:
        try:
            dynamodb.put_item(
                TableName=table,
                Item={**_key("lock"), "by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as writers:
        assert sum(writers.map(put, range(WRITERS))) == 1


def test_concurrent_transactions_keep_the_sum(clients: Clients) -> None:
    table, dynamodb = clients.table(), clients.client("dynamodb")
    for name in ("a", "b"):
        dynamodb.put_item(TableName=table, Item={**_key(name), "n": {"N": "100"}})

    def move(number: int) -> None:
        source, target = ("a", "b") if number % 2 else ("b", "a")
        dynamodb.transact_write_items(
            TransactItems=[
                _add(table, source, "-1", condition="n > :zero"),
                _add(table, target, "1"),
            ]
        )

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(move, range(100)))

    found = dynamodb.batch_get_item(RequestItems={table: {"Keys": [_key("a"), _key("b")]}})["Responses"][
        table
    ]
    assert sum(int(item["n"]["N"]) for item in found) == 200


def _add(table: str, name: str, amount: str, condition: str | None = None) -> dict[str, Any]:
    values = {":amount": {"N": amount}} | ({":zero": {"N": "0"}} if condition else {})
    update = {
        "TableName": table,
        "Key": _key(name),
        "UpdateExpression": "ADD n :amount",
        "ExpressionAttributeValues": values,
    }
    return {"Update": update | ({"ConditionExpression": condition} if condition else {})}


def test_a_failed_transaction_says_which_condition_and_shows_the_item(clients: Clients) -> None:
    table, dynamodb = clients.table(), clients.client("dynamodb")
    dynamodb.put_item(TableName=table, Item={**_key("taken"), "v": {"S": "old"}})
    put = {"TableName": table, "ConditionExpression": "attribute_not_exists(pk)"}
    with pytest.raises(ClientError) as caught:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": {**put, "Item": _key("free")}},
                {"Put": {**put, "Item": _key("taken"), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
            ]
        )

    reasons = caught.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert dict(reasons[1]["Item"])["v"] == {"S": "old"}
    assert "Item" not in dynamodb.get_item(TableName=table, Key=_key("free"))


def test_a_failed_condition_shows_the_item_when_asked(clients: Clients) -> None:
    table, dynamodb = clients.table(), clients.client("dynamodb")
    dynamodb.put_item(TableName=table, Item={**_key("a"), "ver": {"N": "3"}})
    with pytest.raises(ClientError) as caught:
        dynamodb.delete_item(
            TableName=table,
            Key=_key("a"),
            ConditionExpression="ver = :v",
            ExpressionAttributeValues={":v": {"N": "2"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert caught.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert caught.value.response["Item"]["ver"] == {"N": "3"}  # type: ignore[typeddict-item] # of this error only


def test_pages_of_an_index_neither_repeat_nor_skip(clients: Clients) -> None:
    index = {
        "IndexName": "by-kind",
        "KeySchema": [
            {"AttributeName": "kind", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    table, dynamodb = (
        clients.table(attributes=["kind"], GlobalSecondaryIndexes=[index]),
        clients.client("dynamodb"),
    )
    for number in range(30):  # every third has the same sort key: the table's key must break the tie
        item = {
            "pk": {"S": f"p{number}"},
            "sk": {"S": f"s{number // 3}"},
            "kind": {"S": "k" if number % 5 else "other"},
        }
        dynamodb.put_item(TableName=table, Item=item)
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        IndexName="by-kind",
        KeyConditionExpression="kind = :k",
        ExpressionAttributeValues={":k": {"S": "k"}},
        PaginationConfig={"PageSize": 4},
    )

    found = [item["pk"]["S"] for page in pages for item in page["Items"]]
    assert sorted(found) == sorted({f"p{number}" for number in range(30) if number % 5})


@pytest.mark.parametrize(
    ("request_fields", "code"),
    [
        ({"Item": {"pk": {"S": ""}, "sk": {"S": "-"}}}, "ValidationException"),
        ({"Item": {"pk": {"S": "a"}}}, "ValidationException"),
        ({"Item": {**_key("a"), "big": {"S": "x" * 410_000}}}, "ValidationException"),
        ({"Item": _key("a"), "ConditionExpression": "status = :s"}, "ValidationException"),
        ({"Item": _key("a"), "ConditionExpression": "a BETWEEN :x AND"}, "ValidationException"),
    ],
    ids=["empty key", "missing key", "item above 400 KB", "reserved word", "syntax"],
)
def test_wrong_requests_are_refused(clients: Clients, request_fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        clients.client("dynamodb").put_item(TableName=clients.table(), **request_fields)

    assert caught.value.response["Error"]["Code"] == code
