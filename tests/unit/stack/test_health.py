from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.stack import health

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


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
