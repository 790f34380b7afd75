"""What counting in a window costs on DynamoDB: a fixed number of requests and one small row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
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


def test_one_request_counts_whether_a_slot_goes_on_or_begins(
    client: DynamoDBClient, requests: list[str]
) -> None:
    limits, made = DynamoLimitStore(client, TABLE), []
    for second in (0, 0.5, 0.9, 1, 1.5, 30, 300):
        limits.take(WINDOW, NOW + timedelta(seconds=second))
        made.append(len(requests))
        requests.clear()

    assert made == [2, 1, 1, 1, 1, 1, 1]


def test_what_another_process_has_counted_is_found_with_a_second_request(
    client: DynamoDBClient, requests: list[str]
) -> None:
    ours, theirs = DynamoLimitStore(client, TABLE), DynamoLimitStore(client, TABLE)
    window, made = Window("w", 60, 6), []
    for store, second in ((ours, 0), (theirs, 0), (theirs, 2), (ours, 3), (ours, 4), (theirs, 70)):
        requests.clear()
        assert store.take(window, NOW + timedelta(seconds=second)).counted
        made.append(len(requests))

    assert made == [2, 1, 1, 2, 1, 2]
    later = NOW + timedelta(seconds=70)
    assert [ours.take(window, later).counted for _ in range(6)] == [True] * 5 + [False]


def test_processes_that_saw_the_row_at_different_times_never_pass_the_limit_together(
    client: DynamoDBClient,
) -> None:
    random, window = Random(7), Window("w", 60, 5)  # noqa: S311 - the same moments each time
    stores = [DynamoLimitStore(client, TABLE) for _ in range(3)]
    second, counted, refused = 0.0, list[tuple[float, int]](), 0
    for _ in range(400):
        second += random.choice([0, 0.2, 1, 3, 20])
        store = random.choice(stores)
        turn = store.take(window, NOW + timedelta(seconds=second))
        if turn.slot is not None:
            counted.append((second, turn.slot))
        refused += turn.slot is None
        assert sum(second - at < window.seconds for at, _ in counted) <= window.most
        if counted and random.random() < 0.2:
            random.choice(stores).give_back(window, counted.pop()[1])

    assert refused > 50


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
    turns = [DynamoLimitStore(client, TABLE).take(window, NOW) for _ in range(2)]
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
