"""What counting in a window costs on DynamoDB: a fixed number of requests and one small row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.contract.stores import table_properties
from ventuno.adapters.dynamodb.limits import DynamoLimitStore
from ventuno.workflow.windows import SLOTS, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "limits"
WINDOW = Window("w", 60, 1_000)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(TableName=TABLE, **table_properties("Runs"))
        yield client


@pytest.fixture
def requests(client: DynamoDBClient) -> list[str]:
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's event arguments
        made.append(model.name)

    client.meta.events.register("before-call.dynamodb", note)
    return made


def test_one_request_counts_in_a_slot_and_a_second_moves_on_to_the_next(
    client: DynamoDBClient, requests: list[str]
) -> None:
    limits, made = DynamoLimitStore(client, TABLE), []
    for second in (0, 0.5, 0.9, 1, 1.5, 30, 300):
        limits.take(WINDOW, NOW + timedelta(seconds=second))
        made.append(len(requests))
        requests.clear()

    assert made == [2, 1, 1, 2, 1, 2, 2]


def test_a_window_that_is_full_is_found_so_with_one_request(
    client: DynamoDBClient, requests: list[str]
) -> None:
    limits, window = DynamoLimitStore(client, TABLE), Window("w", 60, 1)
    limits.take(window, NOW)
    requests.clear()
    refused = [limits.take(window, NOW + timedelta(seconds=second)).counted for second in (0, 1, 59)]

    assert (refused, len(requests)) == ([False] * 3, 3)


def test_what_is_given_back_while_a_row_moves_on_makes_no_room_twice(client: DynamoDBClient) -> None:
    limits, window, later = DynamoLimitStore(client, TABLE), Window("w", 60, 2), NOW + timedelta(seconds=61)
    turns = [limits.take(window, NOW) for _ in range(2)]
    made: list[str] = []

    def give_back_first(model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's event arguments
        made.append(model.name)
        if len(made) == 2:  # the row was read, and is about to be moved on
            limits.give_back(window, turns[0].slot or 0)

    client.meta.events.register("before-call.dynamodb", give_back_first)
    counted = [limits.take(window, later).counted for _ in range(3)]

    assert counted == [True, True, False]
    assert len(made) > 2


def test_a_window_is_one_row_of_one_write_unit_and_goes_when_nobody_counts_in_it(
    client: DynamoDBClient,
) -> None:
    limits = DynamoLimitStore(client, TABLE)
    for second in range(3 * SLOTS):
        limits.take(Window("w" * 36, 3600, 100_000), NOW + timedelta(minutes=second))
    rows = client.scan(TableName=TABLE)["Items"]
    last = NOW + timedelta(minutes=3 * SLOTS - 1)

    assert len(rows) == 1
    assert sum(len(name) + sum(map(len, map(str, value.values()))) for name, value in rows[0].items()) < 1_024
    assert int(rows[0]["expiresAt"]["N"]) - last.timestamp() == 7_200
