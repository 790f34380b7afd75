"""api: workflows, runs and records over HTTP.

Callers need an API key but for `/health`, the documents of the API and the pages of forms.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types

from ventuno import errors
from ventuno.access.model import Role
from ventuno.bootstrap import aws_services
from ventuno.runtime.access import require_role
from ventuno.runtime.http import as_api_error, error_body, request_of
from ventuno.runtime.rest.route import Request
from ventuno.runtime.rest.routes import ROUTES, methods_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.exceptions import NotFoundError
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from ventuno.runtime.rest.route import Route

logger = Logger()
tracer = Tracer()
metrics = Metrics()
app = APIGatewayHttpResolver()


def _allow(role: Role) -> None:
    """Refuse callers without a key of this role."""
    headers = {name.lower(): value for name, value in app.current_event.headers.items()}
    key = require_role(headers, role, aws_services())
    logger.append_keys(api_key=key.id)


@app.get("/health")
def health() -> dict[str, Any]:
    """Say that the function can be reached; touches no store."""
    return {"status": "ok"}


def _resource(event: dict[str, Any]) -> str:
    """Make, change or delete the workflow of a stack."""
    from ventuno.adapters.aws.stack_answer import answer_stack  # noqa: PLC0415 - rare, and it brings the compiler
    from ventuno.runtime.workflow_resource import ResourceEvent, handle  # noqa: PLC0415 - as above

    asked = ResourceEvent.model_validate(event)
    logger.append_keys(stack=asked.StackId, request=asked.RequestType)
    return handle(asked, aws_services(), answer_stack)


def _serving(route: Route) -> Callable[..., Response[str]]:
    """Return the handler of a route of the record API."""

    def serve(**place: str) -> Response[str]:
        call, services = request_of(app.current_event.raw_event), aws_services()
        caller = None if route.role is None else require_role(call.headers, route.role, services)
        logger.append_keys(api_key=caller.id if caller else None)
        answer = route.respond(Request(place, call.query, call.headers, call.body, caller), services)
        response = Response(answer.status, answer.content_type, answer.text, dict(answer.headers))
        response.base64_encoded = answer.in_base64
        return response

    return serve


def refused(error: errors.VentunoError) -> Response[str]:
    """Answer with the reference's error body."""
    told = as_api_error(error)
    if told.status >= 500:  # noqa: PLR2004 - HTTP's line between the caller's mistakes and ours
        logger.error("the request failed", exc_info=error)
    return Response(
        told.status, content_types.APPLICATION_JSON, json.dumps(error_body(told)), dict(told.headers)
    )


def no_route(error: NotFoundError) -> Response[str]:
    """Answer unknown addresses, and known ones with another method; only who has a key is told of either."""
    del error
    try:
        _allow(Role.VIEWER)
    except errors.ApiError as unknown:
        return refused(unknown)
    method, path = app.current_event.http_method, app.current_event.path
    methods = methods_at(path)
    if methods and method not in methods:  # an odd name in a place of the address is nobody's
        allowed = ", ".join(methods)
        return refused(
            errors.MethodNotAllowedError(f"{path} takes {allowed}, not {method}", headers={"allow": allowed})
        )
    return refused(
        errors.NotFoundError(f"there is no {method} {path}: /open-api/management.json lists the calls")
    )


for each in ROUTES:
    app.route(each.path, method=each.method)(_serving(each))
app.exception_handler(errors.VentunoError)(refused)
app.not_found(no_route)


@metrics.log_metrics(raise_on_empty_metrics=False)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: an HTTP API request, payload format 2.0; answer: the response.

    Or what CloudFormation sends for the workflow of an exported template; HTTP requests have no such key.
    """
    if "ResourceProperties" in event:
        return {"status": _resource(event)}
    metrics.add_metric("ApiRequests", "Count", 1)
    return app.resolve(event, context)
