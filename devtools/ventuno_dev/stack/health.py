"""Ask an endpoint whether it is up, without the AWS SDK, so that a poll costs about a millisecond."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

# LocalStack's path; the emulator answers it too.
HEALTH_PATH = "/_localstack/health"
# Only MiniStack has this one; it runs functions on its own interpreter, with the packages of its environment.
OWN_INTERPRETER_PATH = "/_ministack/health"


def is_healthy(endpoint_url: str, timeout_seconds: float = 1.0, path: str = HEALTH_PATH) -> bool:
    """Tell whether the endpoint answers a health path with a JSON object that lists services."""
    parts = urlsplit(endpoint_url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=timeout_seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status == http.HTTPStatus.OK and "services" in json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError, TypeError):
        return False
    finally:
        connection.close()
