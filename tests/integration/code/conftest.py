"""One sandbox for a module, and a server for its `fetch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.peers.web_server import Peer, running
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalCodeRunner]:
    made = LocalCodeRunner(GuardedHttpClient(loopback_allowed=True))
    yield made
    made.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started
