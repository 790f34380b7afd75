"""A certificate for mail servers on loopback."""

from __future__ import annotations

import pytest

from tests.peers.web_server import Certificate, certificate_in


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("tls"))
