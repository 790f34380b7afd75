"""FunctionStore: the same answers and the same errors from every store."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.contract.one_at_a_time import OneAtATime
from tests.contract.stores import REGION, table_properties
from ventuno import errors
from ventuno.adapters.dynamodb.functions import DynamoFunctionStore
from ventuno.adapters.memory.functions import MemoryFunctionStore
from ventuno.logic.store import StoredFunction
from ventuno.runs.model import Inline, PayloadRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ventuno.logic.store import FunctionStore

FIRST = StoredFunction("with-tax", 1, "ab" * 32, "2026-03-01T12:00:00.000Z", Inline('{"script":"x"}'))
SECOND = replace(
    FIRST, number=2, digest="cd" * 32, body=PayloadRef("versions/functions/x", "ef" * 32, 200_000)
)


@contextmanager
def memory() -> Iterator[FunctionStore]:
    yield MemoryFunctionStore()


@contextmanager
def moto() -> Iterator[FunctionStore]:
    with mock_aws():
        client, name = boto3.client("dynamodb", region_name=REGION), f"workflows-{uuid.uuid4()}"
        client.create_table(TableName=name, **table_properties("Workflows"))
        one: Any = OneAtATime(client)
        yield DynamoFunctionStore(one, name)


STORES: dict[str, Callable[[], AbstractContextManager[FunctionStore]]] = {"memory": memory, "moto": moto}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest) -> Iterator[FunctionStore]:
    with STORES[request.param]() as opened:
        yield opened


def test_an_empty_store_has_no_function(store: FunctionStore) -> None:
    assert store.newest("with-tax") is None
    assert store.version("with-tax", 1) is None
    assert store.all() == []
    assert store.delete("with-tax") is False


def test_versions_follow_one_another_and_all_stay(store: FunctionStore) -> None:
    store.save(FIRST)
    store.save(SECOND)

    assert store.newest("with-tax") == SECOND
    assert store.version("with-tax", 1) == FIRST
    assert store.version("with-tax", 2) == SECOND
    assert store.version("with-tax", 3) is None


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_version_that_does_not_follow_the_newest_is_a_conflict(store: FunctionStore, number: int) -> None:
    store.save(FIRST)
    store.save(SECOND)
    with pytest.raises(errors.ConflictError, match="meanwhile"):
        store.save(replace(FIRST, number=number))

    assert store.newest("with-tax") == SECOND
    assert store.version("with-tax", 1) == FIRST


def test_of_two_who_store_a_version_at_once_one_does(store: FunctionStore) -> None:
    store.save(FIRST)

    def save(digest: str) -> bool:
        try:
            store.save(replace(SECOND, digest=digest))
        except (errors.ConflictError, errors.StoreUnavailableError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(save, ["1", "2", "3", "4"]))
    newest = store.newest("with-tax")

    assert done.count(True) == 1
    assert newest is not None
    assert newest.digest == str(1 + done.index(True))
    assert store.version("with-tax", 2) == newest


def test_a_deleted_function_is_listed_no_more_and_its_numbers_go_on(store: FunctionStore) -> None:
    store.save(FIRST)
    store.save(replace(FIRST, name="other"))

    assert store.delete("with-tax") is True
    assert store.delete("with-tax") is False
    assert [one.name for one in store.all()] == ["other"]
    assert store.version("with-tax", 1) == FIRST
    store.save(SECOND)
    assert [one.name for one in store.all()] == ["other", "with-tax"]
