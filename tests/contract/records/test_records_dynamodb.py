"""What only DynamoDB has: the number of requests, and errors that the service answers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from tests.contract.records.conftest import PRODUCT, eq, service_on
from tests.contract.stores import table_properties
from ventuno import errors
from ventuno.adapters.dynamodb.records import DynamoRecordStore
from ventuno.filters.condition import And, Comparison, Operator
from ventuno.records.context import Actor, WriteContext
from ventuno.records.fields.relation import RelationType
from ventuno.records.standard.registry import STANDARD_OBJECTS
from ventuno.records.store import Absent, RowConflictError, RowDelete, RowKey, RowPut, RowQuery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.records.service import RecordService

KEYED = WriteContext(Actor("WORKFLOW", "Sync"), key="run/step/0", causation=("run-1",))
KEYED_BY = {name: WriteContext(Actor("API", "Importer"), key=name) for name in ("Acme", "Globex")}


class Requests:
    """Counts the requests of a client by operation."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.count: Counter[str] = Counter()
        client.meta.events.register("before-call.dynamodb", self._note)

    def _note(self, model: Any, **_: Any) -> None:  # noqa: ANN401  botocore's event arguments
        self.count[model.name] += 1

    def taken(self) -> dict[str, int]:
        taken, self.count = dict(self.count), Counter()
        return taken


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(TableName="counted", **table_properties("Records"))
        yield client


@pytest.fixture
def counted(client: DynamoDBClient) -> tuple[RecordService, Requests]:
    return service_on(DynamoRecordStore(client, "counted")), Requests(client)


def test_writes_take_at_most_one_read_and_one_transaction(counted: tuple[RecordService, Requests]) -> None:
    service, requests = counted
    person = service.create("person", {"emails": {"primaryEmail": "ada@example.com"}}, KEYED)
    create = requests.taken()
    key = WriteContext(KEYED.actor, key="update")
    service.update("person", str(person["id"]), {"jobTitle": "CTO"}, key)
    update = requests.taken()
    service.update("person", str(person["id"]), {"jobTitle": "CTO"}, key)
    repeated = requests.taken()
    service.delete("person", str(person["id"]), WriteContext(KEYED.actor))
    delete = requests.taken()

    assert create == {"TransactWriteItems": 1}
    assert update == delete == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert repeated == {"BatchGetItem": 1}


def test_a_destroy_takes_a_query_more_for_every_relation_to_its_object(
    counted: tuple[RecordService, Requests],
) -> None:
    service, requests = counted
    company = str(service.create("company", {}, KEYED)["id"])
    relations = sum(
        isinstance(field.type, RelationType) and field.type.target == "company"
        for kind in (*STANDARD_OBJECTS, PRODUCT)
        for field in kind.fields
    )
    requests.taken()
    service.destroy("company", company, WriteContext(KEYED.actor))

    assert requests.taken() == {"BatchGetItem": 1, "Query": relations, "TransactWriteItems": 1}


def test_a_relation_is_checked_with_what_is_read_anyway(counted: tuple[RecordService, Requests]) -> None:
    service, requests = counted
    companies = [service.create("company", {"name": name}, KEYED_BY[name])["id"] for name in KEYED_BY]
    requests.taken()
    person = service.create("person", {"companyId": companies[0]}, KEYED)
    create = requests.taken()
    service.update("person", str(person["id"]), {"companyId": companies[1]}, WriteContext(KEYED.actor))

    assert create == requests.taken() == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_a_repeated_create_needs_no_read(counted: tuple[RecordService, Requests]) -> None:
    service, requests = counted
    first = service.create("note", {"title": "1"}, KEYED)
    requests.taken()
    again = service.create("note", {"title": "2"}, KEYED)

    assert again == first
    assert requests.taken() == {"TransactWriteItems": 1}


def test_finds_by_id_unique_value_and_index_take_few_reads(counted: tuple[RecordService, Requests]) -> None:
    service, requests = counted
    by_api = WriteContext(Actor("API", "Importer"))
    company_id = str(service.create("company", {"name": "Acme"}, by_api)["id"])
    people = [
        service.create(
            "person", {"emails": {"primaryEmail": f"{n}@example.com"}, "companyId": company_id}, by_api
        )
        for n in range(120)
    ]
    requests.taken()
    service.find("person", eq("id", people[0]["id"]))
    by_id = requests.taken()
    service.find("person", eq("emails.primaryEmail", "7@example.com"))
    by_email = requests.taken()
    found = service.find("person", And((eq("companyId", company_id), eq("jobTitle", ""))))
    by_company = requests.taken()
    first = service.find("person", Comparison(("companyId",), Operator.IN, [company_id]), limit=5)
    first_page = requests.taken()

    assert by_id == {"BatchGetItem": 1}
    assert by_email == {"BatchGetItem": 2}
    assert found.total_count == first.total_count == 120
    assert by_company == {"Query": 1, "BatchGetItem": 2}
    assert first_page == {"Query": 2, "BatchGetItem": 1}


def test_the_base_row_is_what_the_stream_filters_on(client: DynamoDBClient) -> None:
    service = service_on(DynamoRecordStore(client, "counted"))
    note = service.create("note", {"title": "1"}, KEYED)
    item = client.get_item(
        TableName="counted", Key={"PK": {"S": f"REC#note#{note['id']}"}, "SK": {"S": "A"}}
    )["Item"]

    assert item["kind"] == {"S": "record"}
    assert item["ver"] == {"N": "1"}
    assert item["causation"] == {"L": [{"S": "run-1"}]}
    assert set(item["fields"]["M"]) == {
        "id",
        "createdAt",
        "updatedAt",
        "position",
        "createdBy",
        "updatedBy",
        "title",
    }


PUT = RowPut({"PK": "a", "SK": "A"}, Absent())
DELETE = RowDelete(RowKey("b", "A"))


def cancelled(*codes: str) -> dict[str, Any]:
    reasons = [{"Code": code} if code != "ConditionalCheckFailed" else _refusal() for code in codes]
    return {
        "service_error_code": "TransactionCanceledException",
        "modeled_fields": {"CancellationReasons": reasons},
    }


def _refusal() -> dict[str, Any]:
    return {"Code": "ConditionalCheckFailed", "Item": {"PK": {"S": "a"}, "SK": {"S": "A"}, "n": {"N": "1.5"}}}


@pytest.fixture
def stubbed() -> Iterator[tuple[DynamoRecordStore, Stubber]]:
    client = boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106  none
    )
    with Stubber(client) as stubber:
        yield DynamoRecordStore(client, "t"), stubber


def test_a_refused_condition_is_a_conflict_that_shows_the_row(
    stubbed: tuple[DynamoRecordStore, Stubber],
) -> None:
    store, stubber = stubbed
    stubber.add_client_error("transact_write_items", **cancelled("ConditionalCheckFailed", "None"))

    with pytest.raises(RowConflictError) as conflict:
        store.write([PUT, DELETE])
    assert conflict.value.refused == {RowKey("a", "A"): {"PK": "a", "SK": "A", "n": 1.5}}
    assert not conflict.value.contended


def test_another_transaction_at_work_is_a_conflict_without_rows(
    stubbed: tuple[DynamoRecordStore, Stubber],
) -> None:
    store, stubber = stubbed
    stubber.add_client_error("transact_write_items", **cancelled("None", "TransactionConflict"))

    with pytest.raises(RowConflictError) as conflict:
        store.write([PUT, DELETE])
    assert conflict.value.refused == {}
    assert conflict.value.contended


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (cancelled("ThrottlingError", "None"), errors.StoreUnavailableError),
        (cancelled("ProvisionedThroughputExceeded", "None"), errors.StoreUnavailableError),
        (cancelled("ValidationError", "None"), errors.TerminalStepError),
        ({"service_error_code": "ThrottlingException"}, errors.StoreUnavailableError),
        ({"service_error_code": "InternalServerError"}, errors.StoreUnavailableError),
        ({"service_error_code": "ResourceNotFoundException"}, errors.ConfigurationError),
        ({"service_error_code": "ValidationException"}, errors.TerminalStepError),
    ],
)
def test_what_the_service_answers_is_translated(
    stubbed: tuple[DynamoRecordStore, Stubber], answer: dict[str, Any], expected: type[Exception]
) -> None:
    store, stubber = stubbed
    stubber.add_client_error("transact_write_items", **answer)

    with pytest.raises(expected) as raised:
        store.write([PUT, DELETE])
    assert raised.value.__cause__ is not None


def test_throttled_reads_are_translated(stubbed: tuple[DynamoRecordStore, Stubber]) -> None:
    store, stubber = stubbed
    stubber.add_client_error("query", service_error_code="ProvisionedThroughputExceededException")

    with pytest.raises(errors.StoreUnavailableError):
        store.query_rows(RowQuery("a"))


def test_keys_that_were_left_are_read_again(stubbed: tuple[DynamoRecordStore, Stubber]) -> None:
    store, stubber = stubbed
    keys = [{"PK": {"S": name}, "SK": {"S": "A"}} for name in "ab"]
    left = {"t": {"Keys": keys[1:], "ConsistentRead": True}}
    stubber.add_response("batch_get_item", {"Responses": {"t": keys[:1]}, "UnprocessedKeys": left})
    stubber.add_response("batch_get_item", {"Responses": {"t": keys[1:]}}, {"RequestItems": left})

    assert set(store.get_rows([RowKey("a", "A"), RowKey("b", "A")])) == {RowKey("a", "A"), RowKey("b", "A")}


class Unreachable:
    def query(self, **_: object) -> None:
        raise EndpointConnectionError(endpoint_url="the service")


def test_a_service_that_cannot_be_reached_is_unavailable_for_now() -> None:
    unreachable: Any = Unreachable()

    with pytest.raises(errors.StoreUnavailableError):
        DynamoRecordStore(unreachable, "t").count_rows(RowQuery("a"))
