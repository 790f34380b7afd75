"""The store of declared objects: one suite in memory, on moto and on the local stack's emulator."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from tests.contract.records.conftest import emulator_client, marked
from tests.contract.stores import table_properties
from ventuno import errors
from ventuno.adapters.dynamodb.metadata import DynamoMetadataStore
from ventuno.adapters.memory.metadata import MemoryMetadataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.records.custom.store import MetadataStore

VALUE: JsonObject = {"objects": [{"name": "invoice", "plural": "invoices"}]}


def new_table(client: DynamoDBClient) -> MetadataStore:
    name = f"workflows-{uuid.uuid4()}"
    client.create_table(TableName=name, **table_properties("Workflows"))
    return DynamoMetadataStore(client, name)


@contextmanager
def memory() -> Iterator[MetadataStore]:
    yield MemoryMetadataStore()


@contextmanager
def moto() -> Iterator[MetadataStore]:
    with mock_aws():
        yield new_table(boto3.client("dynamodb", region_name="eu-west-1"))


@contextmanager
def emulator() -> Iterator[MetadataStore]:
    yield new_table(emulator_client())


STORES = {"memory": memory, "moto": moto, "emulator": emulator}


@pytest.fixture(params=marked(STORES))
def store(request: pytest.FixtureRequest) -> Iterator[MetadataStore]:
    with STORES[request.param]() as opened:
        yield opened


def test_an_empty_store_has_revision_0(store: MetadataStore) -> None:
    assert (store.load().value, store.load().revision) == ({}, 0)


def test_a_document_comes_back_with_the_next_revision(store: MetadataStore) -> None:
    saved = store.save(VALUE, 0)
    again = store.save({}, saved.revision)

    assert saved.value == VALUE
    assert (again.revision, store.load()) == (2, again)


def test_whoever_saves_over_another_revision_is_refused(store: MetadataStore) -> None:
    store.save(VALUE, 0)

    for revision in (0, 2):
        with pytest.raises(errors.ConflictError):
            store.save({}, revision)
    assert store.load().value == VALUE
