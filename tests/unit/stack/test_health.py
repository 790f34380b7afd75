from __future__ import annotations

import pytest

from tests.peers.health_server import answering
from ventuno_dev.stack import health


@pytest.mark.parametrize(
    ("status", "body", "healthy"),
    [
        (200, b'{"services": {"s3": "available"}}', True),
        (200, b'{"status": "ok"}', False),
        (200, b"<html>services</html>", False),
        (200, b"7", False),
        (503, b'{"services": {}}', False),
        (404, b"", False),
    ],
)
def test_only_a_list_of_services_is_healthy(status: int, body: bytes, healthy: bool) -> None:  # noqa: FBT001 - a row of the table
    with answering(status, body) as url:
        assert health.is_healthy(url) is healthy


def test_nobody_listening_is_not_healthy() -> None:
    with answering(200, b"") as url:
        pass

    assert health.is_healthy(url) is False
