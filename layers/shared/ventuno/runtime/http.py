"""HTTP API events of payload format 2.0 in, answers out; every refusal has the reference's error body.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.runtime.webhook import WebhookAnswer, WebhookCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.json_value import JsonObject, JsonValue

OUR_FAULT = 500
"""HTTP's line between the caller's mistakes and ours."""
_HEADERS = {"content-type": "application/json"}


def request_of(event: dict[str, Any]) -> WebhookCall:
    """Read a request; the stage is cut off the path, header names become lower case."""
    http = event["requestContext"]["http"]
    stage = f"/{event['requestContext'].get('stage', '$default')}/"
    path = event.get("rawPath") or http["path"]
    return WebhookCall(
        method=http["method"].upper(),
        path=path.removeprefix(stage.rstrip("/")) if path.startswith(stage) else path,
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        query=event.get("queryStringParameters") or {},
        body=_body(event),
        query_text=event.get("rawQueryString") or "",
    )


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")  # what is no text is refused where text is read
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise errors.BadRequestError("the body is not valid base64") from error


def answering(
    work: Callable[[], WebhookAnswer], report: Callable[[errors.VentunoError], None]
) -> dict[str, Any]:
    """Do the work and write its answer, or what it was refused for; `report` logs what was our own fault."""
    try:
        done = work()
    except errors.VentunoError as error:
        told = as_api_error(error)
        if told.status >= OUR_FAULT:
            report(error)
        return response(told.status, error_body(told), told.headers)
    return response(done.status, done.body)


def as_api_error(error: errors.VentunoError) -> errors.ApiError:
    """Tell what an error means to an HTTP caller."""
    if isinstance(error, errors.ApiError):
        return error
    if isinstance(error, errors.RecordNotFoundError):
        return errors.NotFoundError(str(error))
    if isinstance(error, errors.RecordConflictError):
        return errors.ConflictError(str(error))
    if isinstance(error, errors.StepInputError | errors.DefinitionError):
        return errors.BadRequestError(*_sentences(error))
    if isinstance(error, errors.StoreUnavailableError):
        return errors.ServiceUnavailableError(f"try again in a moment: {error}")
    return errors.ApiError("the request failed; the log of this request says why")


def _sentences(error: errors.VentunoError) -> list[str]:
    """Write an error as one sentence, or as one for each finding."""
    if isinstance(error, errors.DefinitionError):
        return [f"{found.code} at {found.path}: {found.message}" for found in error.findings]
    return [str(error)]


def error_body(error: errors.ApiError) -> JsonObject:
    """Write an error as the reference does. Source: reference §9.2"""
    return {
        "statusCode": error.status,
        "error": error.error,
        "messages": list(error.messages),
        "code": error.code,
    }


def response(status: int, body: JsonValue, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Write an answer in payload format 2.0."""
    sent = {**_HEADERS, **(headers or {})}
    return {"statusCode": status, "headers": sent, "body": json.dumps(body, ensure_ascii=False)}
