"""Fixtures of the suites that run on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.stores import STORES, Stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.execution_ports import Schedules
    from ventuno.ports import FormStore, LimitStore, PayloadStore, RunStore, WorkflowStore


@pytest.fixture(scope="module", params=sorted(STORES))
def new_stores(request: pytest.FixtureRequest) -> Iterator[Callable[[], Stores]]:
    """Open a kind of store for one module; a longer scope would leave moto on for other folders."""
    with STORES[request.param]() as new:
        yield new


@pytest.fixture
def stores(new_stores: Callable[[], Stores]) -> Stores:
    return new_stores()


@pytest.fixture
def runs(stores: Stores) -> RunStore:
    return stores.runs


@pytest.fixture
def forms(stores: Stores) -> FormStore:
    return stores.forms


@pytest.fixture
def limits(stores: Stores) -> LimitStore:
    return stores.limits


@pytest.fixture
def workflows(stores: Stores) -> WorkflowStore:
    return stores.workflows


@pytest.fixture
def payloads(stores: Stores) -> PayloadStore:
    return stores.payloads


@pytest.fixture
def schedules(stores: Stores) -> Schedules:
    return stores.schedules
