"""The pool of execution environments: bounded, in order, never stuck. No emulator is needed."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ventuno_dev.emulator.lambdas import pool as pool_module
from ventuno_dev.emulator.lambdas.pool import MAX_ENVIRONMENTS, Pool

pytestmark = pytest.mark.emulator


class FakeEnvironment:
    """An environment without a process."""

    def __init__(self) -> None:
        self.alive = True
        self.idle_since = time.monotonic()

    def kill(self) -> None:
        self.alive = False


class Factory:
    """Counts the environments it makes."""

    def __init__(self) -> None:
        self.made: list[FakeEnvironment] = []
        self._lock = threading.Lock()

    def __call__(self) -> FakeEnvironment:
        with self._lock:
            self.made.append(FakeEnvironment())
            return self.made[-1]


@pytest.fixture
def factory() -> Factory:
    return Factory()


@pytest.fixture
def pool(factory: Factory) -> Pool:
    return Pool(factory)  # type: ignore[arg-type] # a fake


def test_calls_in_a_row_use_one_environment(pool: Pool, factory: Factory) -> None:
    for _ in range(5):
        pool.give_back(pool.take())

    assert len(factory.made) == 1


def test_a_burst_of_long_calls_uses_no_more_than_the_bound(pool: Pool, factory: Factory) -> None:
    def call(_: int) -> None:
        environment = pool.take()
        time.sleep(0.05)
        pool.give_back(environment)

    with ThreadPoolExecutor(40) as callers:
        list(callers.map(call, range(40)))

    assert 1 < len(factory.made) <= MAX_ENVIRONMENTS


def test_a_dead_environment_is_replaced(pool: Pool, factory: Factory) -> None:
    environment = pool.take()
    pool.give_back(environment)
    environment.kill()

    assert pool.take().alive
    assert len(factory.made) == 2


def test_a_lost_environment_makes_room_for_a_waiting_call(pool: Pool) -> None:
    taken = [pool.take() for _ in range(MAX_ENVIRONMENTS)]
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(pool.take)
        time.sleep(2 * pool_module.PATIENCE_SECONDS)
        pool.discard(taken[0])

        assert waiting.result(1).alive


def test_calls_that_wait_for_each_other_get_one_more(
    pool: Pool, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "STALLED_SECONDS", 0.1)
    for _ in range(MAX_ENVIRONMENTS):
        pool.take()
    with ThreadPoolExecutor(1) as caller:
        caller.submit(pool.take).result(2)

    assert len(factory.made) == MAX_ENVIRONMENTS + 1


def test_a_retired_pool_keeps_nothing(pool: Pool, factory: Factory) -> None:
    busy, idle = pool.take(), pool.take()
    pool.give_back(idle)
    pool.retire()
    pool.give_back(busy)

    assert [environment.alive for environment in factory.made] == [False, False]


def test_idle_environments_are_ended_except_one(
    pool: Pool, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "IDLE_SECONDS", -1.0)
    for environment in [pool.take(), pool.take(), pool.take()]:
        pool.give_back(environment)
    pool.trim()

    assert sum(environment.alive for environment in factory.made) == 1
