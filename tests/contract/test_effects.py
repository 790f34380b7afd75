"""EffectStore: what must not happen twice, and numbers that no two keys share, from every store."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.contract.one_at_a_time import OneAtATime
from tests.contract.stores import REGION, table_properties
from tests.fakes.clock import FakeClock
from tests.fakes.effects import MemoryEffects
from ventuno.adapters.dynamodb.effects import DynamoEffects
from ventuno.effects import EffectState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ventuno.outside import EffectStore


@contextmanager
def memory() -> Iterator[EffectStore]:
    yield MemoryEffects()


@contextmanager
def moto() -> Iterator[EffectStore]:
    make: Any = boto3.client
    with mock_aws():
        client, name = make("dynamodb", region_name=REGION), f"runs-{uuid.uuid4()}"
        client.create_table(TableName=name, **table_properties("Runs"))
        one: Any = OneAtATime(client)
        yield DynamoEffects(one, name, FakeClock(), pause=lambda _: None)


STORES: dict[str, Callable[[], AbstractContextManager[EffectStore]]] = {"memory": memory, "moto": moto}


@pytest.fixture(params=sorted(STORES))
def effects(request: pytest.FixtureRequest) -> Iterator[EffectStore]:
    with STORES[request.param]() as opened:
        yield opened


def state_of(effects: EffectStore, key: str = "k") -> EffectState | None:
    noted = effects.get(key)
    return noted.state if noted else None


def test_an_effect_begins_once(effects: EffectStore) -> None:
    assert effects.get("k") is None
    assert effects.begin("k", 0) is None
    noted = effects.begin("k", 0)

    assert noted is not None
    assert (noted.state, noted.attempt) == (EffectState.BEGUN, 0)
    assert effects.begin("other", 0) is None


def test_a_finished_effect_tells_its_result_in_every_attempt(effects: EffectStore) -> None:
    effects.begin("k", 0)
    effects.finish("k", {"messageId": "<ä@b>"})

    for attempt in (0, 5):
        noted = effects.begin("k", attempt)
        assert noted is not None
        assert (noted.state, noted.result) == (EffectState.DONE, {"messageId": "<ä@b>"})


def test_an_effect_that_was_taken_back_may_begin_again(effects: EffectStore) -> None:
    effects.begin("k", 0)
    effects.take_back("k")

    assert state_of(effects) is EffectState.FREE
    assert effects.begin("k", 0) is None


def test_one_that_has_begun_and_was_never_told_about_begins_in_no_attempt(effects: EffectStore) -> None:
    effects.begin("k", 0)

    assert effects.begin("k", 7) is not None


def test_an_unsure_one_begins_again_in_a_later_attempt_only(effects: EffectStore) -> None:
    effects.begin("k", 0)
    effects.doubt("k", 2)

    assert state_of(effects) is EffectState.UNSURE
    assert effects.begin("k", 2) is not None
    assert effects.begin("k", 3) is None
    assert state_of(effects) is EffectState.BEGUN


def test_a_counter_gives_each_key_one_number_and_no_two_the_same(effects: EffectStore) -> None:
    numbers = [effects.ticket("c", key) for key in ("a", "b", "a", "c", "b")]

    assert numbers == [0, 1, 0, 2, 1]
    assert effects.ticket("other", "a") == 0


def test_keys_that_count_at_once_get_different_numbers_without_a_gap(effects: EffectStore) -> None:
    keys = [f"run-{index}" for index in range(12)] * 2
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda key: effects.ticket("c", key), keys))

    assert sorted(set(numbers)) == list(range(12))
    assert numbers[:12] == numbers[12:]
