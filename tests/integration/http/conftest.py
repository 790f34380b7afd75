"""Servers on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.peers.web_server import Certificate, Peer, certificate_in, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("tls"))
