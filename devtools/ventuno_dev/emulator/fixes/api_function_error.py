# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""API function error: a caller is told that something failed, not the function's error and stack."""

from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway, lambda_svc

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

JSON_HEADERS = {"Content-Type": "application/json"}
HTTP_API = {"statusCode": 500, "headers": JSON_HEADERS, "body": '{"message":"Internal Server Error"}'}
REST_API = {"statusCode": 502, "headers": JSON_HEADERS, "body": '{"message": "Internal server error"}'}

_is_http_api: ContextVar[bool] = ContextVar("ventuno_is_http_api", default=False)


def _apply() -> None:
    invoke = apigateway._invoke_lambda_proxy
    convert = lambda_svc.lambda_execute_result_to_api_proxy_response

    async def invoke_lambda_proxy(*arguments: Json, **named: Json) -> Json:
        before = _is_http_api.set(True)
        try:
            return await invoke(*arguments, **named)
        finally:
            _is_http_api.reset(before)

    def to_response(result: dict[str, Any]) -> Json:
        if result.get("error") and not result.get("throttle"):
            return dict(HTTP_API if _is_http_api.get() else REST_API), None
        return convert(result)

    apigateway._invoke_lambda_proxy = invoke_lambda_proxy
    lambda_svc.lambda_execute_result_to_api_proxy_response = to_response


FIX = Fix(
    name="api-function-error",
    problem="When a function fails, its error type, message and stack trace are what the caller gets.",
    aws="An HTTP API answers 500, a REST API 502, without details; the error is in the function's log.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html",
    apply=_apply,
)
