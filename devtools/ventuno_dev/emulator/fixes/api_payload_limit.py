# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""API payload limit: bodies that API Gateway would refuse are answered 413.

AWS refuses a second time where the event for the function passes 6 MB, with a body of its own that nobody
can change. That limit is left out here, so that the function's own answer to a body over 6 MiB can be seen.
"""

from typing import Any

from ministack import app as ministack_app

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

MAX_BODY_BYTES = 10 * 1024 * 1024
TOO_LARGE = (413, {"Content-Type": "application/json"}, b'{"message":"Request Entity Too Large"}')


def _apply() -> None:
    handle = ministack_app._handle_execute_api_request

    async def handle_execute_api_request(
        host: str,
        path: str,
        method: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        **rest: Json,
    ) -> Json:
        if len(body) > MAX_BODY_BYTES and ministack_app._parse_execute_api_url(host, path):
            return TOO_LARGE
        return await handle(host, path, method, headers, body, query_params, **rest)

    ministack_app._handle_execute_api_request = handle_execute_api_request


FIX = Fix(
    name="api-payload-limit",
    problem="Bodies of any size reach the function.",
    aws="The payload is limited to 10 MB; larger ones are answered 413.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html",
    apply=_apply,
)
