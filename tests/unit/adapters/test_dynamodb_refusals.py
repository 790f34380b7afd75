"""What DynamoDB refuses becomes one of the product's errors; captured answers stand in for the service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from tests.contract.one_run import RUN
from ventuno import errors
from ventuno.adapters.dynamodb.numbers import to_item
from ventuno.adapters.dynamodb.runs import DynamoRunStore
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.adapters.dynamodb.workflows import DynamoWorkflowStore
from ventuno.engine.statuses import RunStatus
from ventuno.runs.model import Inline
from ventuno.runs.rows import run_row
from ventuno.workflow.model import Version, VersionStatus, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

KEY: Any = {"PK": "RUN#1", "SK": "META"}


@pytest.fixture
def client() -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - requests never leave the process
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def answers(client: DynamoDBClient) -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub


WORKFLOW = Workflow("w", "flow", "Flow")
DRAFT = Version("w", 1, VersionStatus.DRAFT, Inline("{}"), "00", "2026-03-01")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ProvisionedThroughputExceededException", errors.StoreUnavailableError),
        ("ThrottlingException", errors.StoreUnavailableError),
        ("InternalServerError", errors.StoreUnavailableError),
        ("503", errors.StoreUnavailableError),
        ("AccessDeniedException", errors.ConfigurationError),
        ("ResourceNotFoundException", errors.ConfigurationError),
        ("ValidationException", errors.TerminalStepError),
    ],
)
@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("get_item", lambda table: table.get(KEY)),
        ("batch_get_item", lambda table: table.get_many([KEY])),
        ("put_item", lambda table: table.put(KEY)),
        ("update_item", lambda table: table.update(KEY, "ADD #n :one", Condition("", {"one": 1}))),
        ("query", lambda table: table.query({"KeyConditionExpression": "PK = :pk"}, {"pk": "x"})),
        ("transact_write_items", lambda table: table.transact([(KEY, None)])),
        ("transact_write_items", lambda table: table.transact([], [KEY])),
    ],
)
def test_a_refusal_is_translated(
    client: DynamoDBClient,
    answers: Stubber,
    operation: str,
    call: Callable[[Table], object],
    code: str,
    kind: type[Exception],
) -> None:
    answers.add_client_error(operation, code, http_status_code=400)

    with pytest.raises(kind, match=code):
        call(Table(client, "runs"))


def test_a_service_that_cannot_be_reached_is_unavailable(client: DynamoDBClient) -> None:
    def unreachable(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    client.meta.events.register("before-send.dynamodb.GetItem", unreachable)

    with pytest.raises(errors.StoreUnavailableError, match="cannot be reached"):
        Table(client, "runs").get(KEY)


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        ([{"Code": "ConditionalCheckFailed"}, {"Code": "None"}], RefusedError),
        ([{"Code": "ConditionalCheckFailed"}, {"Code": "TransactionConflict"}], RefusedError),
        ([{"Code": "TransactionConflict"}, {"Code": "None"}], errors.StoreUnavailableError),
        ([{"Code": "ThrottlingError"}, {"Code": "None"}], errors.StoreUnavailableError),
        ([{"Code": "ProvisionedThroughputExceeded"}], errors.StoreUnavailableError),
        ([{"Code": "ValidationError"}], errors.TerminalStepError),
    ],
)
def test_a_cancelled_transaction_says_why(
    client: DynamoDBClient, answers: Stubber, reasons: list[dict[str, str]], kind: type[Exception]
) -> None:
    answers.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": reasons},
    )

    with pytest.raises(kind):
        Table(client, "workflows").transact([(KEY, None)])


def test_a_transaction_in_the_way_of_a_delete_is_unavailable(
    client: DynamoDBClient, answers: Stubber
) -> None:
    answers.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": "TransactionConflict"}]},
    )

    with pytest.raises(errors.StoreUnavailableError):
        Table(client, "workflows").transact([], [KEY])


def test_a_conflict_of_saving_is_told_apart_from_a_busy_store(
    client: DynamoDBClient, answers: Stubber
) -> None:
    store = DynamoWorkflowStore(client, "workflows")
    for code in ("ConditionalCheckFailed", "TransactionConflict"):
        answers.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": code}, {"Code": "None"}]},
        )

    with pytest.raises(errors.ConflictError):
        store.save(WORKFLOW, [DRAFT])
    with pytest.raises(errors.StoreUnavailableError):
        store.save(WORKFLOW, [DRAFT])


def test_keys_that_are_left_out_are_asked_for_again(client: DynamoDBClient, answers: Stubber) -> None:
    item = {"PK": {"S": "RUN#1"}, "SK": {"S": "META"}}
    left: Any = {"runs": {"Keys": [item], "ConsistentRead": True}}
    answers.add_response("batch_get_item", {"Responses": {"runs": []}, "UnprocessedKeys": left})
    answers.add_response("batch_get_item", {"Responses": {"runs": [item]}, "UnprocessedKeys": {}})

    assert Table(client, "runs").get_many([KEY]) == [KEY]


def test_keys_that_stay_left_out_are_unavailable(client: DynamoDBClient, answers: Stubber) -> None:
    left: Any = {"runs": {"Keys": [{"PK": {"S": "RUN#1"}, "SK": {"S": "META"}}]}}
    for _ in range(5):
        answers.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": left})

    with pytest.raises(errors.StoreUnavailableError, match="unread"):
        DynamoRunStore(client, "runs").load("1", [])


def test_a_run_whose_status_changed_since_it_was_indexed_is_not_listed_under_the_old_one(
    client: DynamoDBClient, answers: Stubber
) -> None:
    ended = replace(RUN, id="run-0", status=RunStatus.COMPLETED)
    rows: Any = [to_item(run_row(run)) for run in (ended, RUN)]
    keys: Any = [{name: row[name] for name in ("PK", "SK", "statusPk", "statusSk")} for row in rows]
    answers.add_response("query", {"Items": keys})
    answers.add_response("batch_get_item", {"Responses": {"runs": rows}, "UnprocessedKeys": {}})

    assert DynamoRunStore(client, "runs").by_status(RunStatus.RUNNING, 9, None).runs == (RUN,)
