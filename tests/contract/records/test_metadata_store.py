"""The store of declared objects, in memory and on moto."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from ventuno import errors
from ventuno.adapters.dynamodb.metadata import DynamoMetadataStore
from ventuno.adapters.memory.metadata import MemoryMetadataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonObject
    from ventuno.records.custom.store import MetadataStore

VALUE: JsonObject = {"objects": [{"name": "invoice", "plural": "invoices"}]}


@pytest.fixture(params=["memory", "moto"])
def store(request: pytest.FixtureRequest) -> Iterator[MetadataStore]:
    if request.param == "memory":
        yield MemoryMetadataStore()
        return
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        name = f"workflows-{uuid.uuid4()}"
        client.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "PK", "AttributeType": "S"},
                {"AttributeName": "SK", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoMetadataStore(client, name)


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
