"""The stores that every test of this folder runs on; a further one is one more entry of STORES."""

from __future__ import annotations

import atexit
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.contract.one_at_a_time import OneAtATime
from tests.contract.stores import table_properties
from tests.integration.emulator.emulator_process import running
from ventuno.adapters.dynamodb.records import DynamoRecordStore
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.context import Actor, WriteContext
from ventuno.records.fields.date import DateType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.raw_json import RawJsonType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.model.object_model import ObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.base import object_type
from ventuno.records.standard.registry import STANDARD_OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _pytest.mark import ParameterSet
    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.records.store import RecordStore

STAGES = ("NEW", "MEETING", "CUSTOMER")

PRODUCT = object_type(
    "product",
    "products",
    (
        Field("sku", TextType(), unique=True),
        Field("price", NumberType()),
        Field("attributes", RawJsonType()),
        Field("code", TextType()),
        Field("company", RelationType("company")),
        Field("partOf", RelationType("product", "parts")),
        Field("shelf", TextType(), indexed=True),
        Field("weight", NumberType(), indexed=True),
        Field("made", DateType(), indexed=True),
    ),
    unique_together=[("code", "company")],
)


@contextmanager
def memory() -> Iterator[RecordStore]:
    yield MemoryRecordStore(page_size=7)


@contextmanager
def moto() -> Iterator[RecordStore]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        # Nested mocks share their tables, so every one has a name of its own.
        table_name = f"records-{uuid.uuid4()}"
        client.create_table(TableName=table_name, **table_properties("Records"))
        serial: Any = OneAtATime(client)
        yield DynamoRecordStore(serial, table_name)


@contextmanager
def emulator() -> Iterator[RecordStore]:
    """A new table of the local stack's emulator, which is started once and ends with the tests."""
    client = emulator_client()
    table_name = f"records-{uuid.uuid4()}"
    client.create_table(TableName=table_name, **table_properties("Records"))
    yield DynamoRecordStore(client, table_name)
    client.delete_table(TableName=table_name)


@cache
def emulator_client() -> DynamoDBClient:
    """Start the one emulator that the suites of this folder share, and return a client of it."""
    started = ExitStack()
    atexit.register(started.close)
    endpoint = started.enter_context(running()).endpoint
    client: DynamoDBClient = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator accepts anything
        config=Config(max_pool_connections=32),
    )
    return client


def marked(names: Iterable[str]) -> list[ParameterSet]:
    """Make parameters of the names of stores; the one that needs an emulator says so."""
    marks = {"emulator": [pytest.mark.emulator]}
    return [pytest.param(name, marks=marks.get(name, [])) for name in sorted(names)]


STORES = {"memory": memory, "moto": moto, "emulator": emulator}
PARAMS = marked(STORES)


@pytest.fixture(params=PARAMS)
def store(request: pytest.FixtureRequest) -> Iterator[RecordStore]:
    with STORES[request.param]() as opened:
        yield opened


@pytest.fixture
def crowd(request: pytest.FixtureRequest, store: RecordStore) -> int:
    """How many write at once; moto copies the whole table for every transaction, so fewer there."""
    del store
    return 24 if "moto" in request.node.name else 200


class TickingClock:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def eq(path: str, value: Any) -> Comparison:  # noqa: ANN401  any JSON
    return Comparison(tuple(path.split(".")), Operator.EQ, value)


def service_on(store: RecordStore) -> RecordService:
    objects = ObjectModel([*STANDARD_OBJECTS, PRODUCT])
    return RecordService(objects, store, TickingClock(), lambda: str(uuid.uuid4()))


@pytest.fixture
def service(store: RecordStore) -> RecordService:
    return service_on(store)


@pytest.fixture(scope="session")
def by_api() -> WriteContext:
    return WriteContext(Actor("API", "Importer"))


@dataclass(frozen=True)
class Deals:
    """Twenty deals, for tests that only read: every second one Acme's, every fifth without an amount."""

    service: RecordService
    acme_id: str
    records: list[JsonObject]


def make_deals(service: RecordService, by_api: WriteContext) -> Deals:
    companies = [str(service.create("company", {"name": name}, by_api)["id"]) for name in ("Acme", "Globex")]
    records = [
        service.create(
            "opportunity",
            {
                "name": f"deal {number}",
                "stage": STAGES[number % 3],
                "companyId": companies[number % 2],
                "amount": {"amountMicros": number * 1_000_000.5} if number % 5 else None,
                "closeDate": f"2026-04-{number + 1:02}T12:00:00+02:00",
            },
            by_api,
        )
        for number in range(20)
    ]
    return Deals(service, companies[0], records)


@pytest.fixture(scope="module", params=PARAMS)
def deals(request: pytest.FixtureRequest, by_api: WriteContext) -> Iterator[Deals]:
    with STORES[request.param]() as opened:
        yield make_deals(service_on(opened), by_api)


@pytest.fixture
def own_deals(service: RecordService, by_api: WriteContext) -> Deals:
    return make_deals(service, by_api)
