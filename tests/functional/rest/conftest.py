"""The api function on a world in memory: requests go through its own handler, as API Gateway sends them."""

from __future__ import annotations

import base64
import importlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.fakes.world import World
from ventuno.access.model import Role
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from types import ModuleType

ROLES = (Role.VIEWER, Role.RUNNER, Role.EDITOR, Role.ADMIN)


class _Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@dataclass
class Api:
    """Calls by method and address; `tokens` are keys by role."""

    world: World
    tokens: dict[str, str]
    function: ModuleType

    def __call__(self, method: str, address: str, body: Any = None, **how: Any) -> tuple[int, Any]:  # noqa: ANN401  as `answered`
        """Call, and return the status and the JSON of the answer."""
        answer = self.answered(method, address, body, **how)
        return answer["statusCode"], json.loads(answer["body"])

    def answered(
        self,
        method: str,
        address: str,
        body: Any = None,  # noqa: ANN401  any JSON, or text as it is
        *,
        role: str | None = Role.EDITOR,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call, and return the answer as the function gives it to API Gateway."""
        sent = {"authorization": f"Bearer {self.tokens[role]}"} if role else {}
        text = body if isinstance(body, str) else json.dumps(body)
        return self.answer(method, address, text.encode(), sent | (headers or {}))

    def answer(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        """Return what the function answers to a request as API Gateway sends it."""
        split = urlsplit(address)
        try:
            text, is_base64 = body.decode(), False
        except UnicodeDecodeError:
            text, is_base64 = base64.b64encode(body).decode(), True
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": split.path,
            "rawQueryString": split.query,
            "headers": headers,
            "queryStringParameters": dict(parse_qsl(split.query, keep_blank_values=True)),
            "requestContext": {"http": {"method": method, "path": split.path}, "stage": "$default"},
            "body": text,
            "isBase64Encoded": is_base64,
        }
        context: Any = _Context()
        answer: dict[str, Any] = self.function.lambda_handler(event, context)
        return answer

    def created(self, plural: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
        """Create a record that must be accepted."""
        self.world.clock.advance(1)
        status, body = self("POST", f"/rest/{plural}", fields)
        assert status == 201, body
        (record,) = body["data"].values()
        return dict(record)


POWERTOOLS = {
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Ventuno",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    for name, value in POWERTOOLS.items():
        monkeypatch.setenv(name, value)
    # Imported now, when the environment is set, as Lambda does.
    function = importlib.import_module("functions.api.app")
    world = World()
    services = world.services
    monkeypatch.setattr(function, "aws_services", lambda: services)
    tokens = {str(role): create_key(f"{role} key", role, services)[1] for role in ROLES}
    return Api(world, tokens, function)
