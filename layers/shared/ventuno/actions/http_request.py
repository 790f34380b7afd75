"""HTTP_REQUEST: call a server on the internet.

Compiles to a Task; safe to retry where the server honours `Idempotency-Key`, which is the same for every try
of a step in a run. The result is the answer's body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING, WithSecrets, resolve, secret_names
from ventuno.outgoing.bodies import encoded, read, written
from ventuno.outgoing.exchange import HttpRequest, header
from ventuno.outgoing.headers import refuse_unsafe_headers
from ventuno.outgoing.redaction import SHORTEST_SECRET, Secrets, shown_body, shown_headers, shown_url
from ventuno.outgoing.redirects import send_following
from ventuno.outgoing.urls import target_of, with_query
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.outgoing.exchange import Headers, HttpResponse

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_SECRET_KEYS: Final = frozenset({"headers", "query", "body"})
_FAILURE: Final = 400

Status = Annotated[int, Field(ge=100, le=599)]


class HttpRequestSettings(Wire):
    """`{url, method, headers?, query?, body?, timeoutSeconds?, acceptedStatuses?}`."""

    url: Annotated[str, Field(min_length=1)]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: dict[str, Any] = Field(default_factory=dict)
    query: dict[str, Any] = Field(default_factory=dict)
    body: Any = None
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30
    accepted_statuses: tuple[Status, ...] = ()


class HttpRequestAction(TaskAction[HttpRequestSettings]):
    """Result: the answer's body. Source: reference §3.15; decisions, Actions."""

    wire_type = "HTTP_REQUEST"
    settings_type = HttpRequestSettings
    resolved_by_itself: ClassVar[frozenset[str]] = _SECRET_KEYS
    tried_alone = True
    secrets_in: ClassVar[frozenset[str]] = _SECRET_KEYS
    about = About(
        settings={
            "url": "An address on the public internet, http or https.",
            "method": "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`.",
            "headers": "Headers by name; may hold `{{secrets.NAME}}`.",
            "query": "Parameters that are added to the address; may hold `{{secrets.NAME}}`.",
            "body": "An object or text, written as `Content-Type` says, else as JSON; may hold secrets.",
            "timeoutSeconds": "For the whole exchange, up to 300.",
            "acceptedStatuses": "Statuses from 400 on that are no failure.",
        },
        result="the answer's body: JSON where it is JSON, else text, else `{base64, contentType}`.",
        errors={
            errors.StepInputError: "the address may not be called, or a header cannot be sent",
            errors.SecretMissingError: "there is no secret of this name",
            errors.HttpTransportError: "no connection, or it broke off",
            errors.HttpTimeoutError: "no complete answer in time",
            errors.HttpAnswerError: "the answer is too large, or not what it says it is",
            errors.HttpStatusError: "the status is 400 or more; the error is `{status, body}`",
        },
        examples=(
            Example(
                "Tell another system",
                {
                    "url": "https://api.example.com/leads",
                    "method": "POST",
                    "headers": {"Authorization": "Bearer {{secrets.LEADS_KEY}}"},
                    "body": {"email": "{{trigger.email}}"},
                },
                {"id": 7},
            ),
        ),
    )

    def permissions(self, settings: HttpRequestSettings) -> Iterator[str]:
        """Name the server it calls and the secrets it sends."""
        host = settings.url.partition("//")[2].partition("/")[0].rpartition("@")[2]
        yield f"call {host or settings.url}"
        authored: JsonObject = {"headers": settings.headers, "query": settings.query, "body": settings.body}
        for name in sorted(secret_names(authored)):
            yield f"send secret {name}"

    def check(self, settings: HttpRequestSettings, scope: StepScope) -> Iterator[Finding]:
        """Find a URL and headers that could never be sent."""
        del scope
        try:
            if OPENING not in settings.url:
                target_of(settings.url)
        except errors.StepInputError as error:
            yield Finding("INVALID_STEP_PARAMS", ".url", str(error))
        try:
            refuse_unsafe_headers(_pairs(_plain(settings.headers)))
        except errors.StepInputError as error:
            yield Finding("INVALID_STEP_PARAMS", ".headers", str(error))

    def run(self, settings: HttpRequestSettings, call: StepCall) -> JsonValue:
        """Send the request and read the answer.

        Raises: StepInputError, SecretMissingError, HttpTransportError, HttpAnswerError, HttpStatusError
        """
        authored: JsonObject = {"headers": settings.headers, "query": settings.query, "body": settings.body}
        values = {name: _secret(name, call) for name in sorted(secret_names(authored))}
        secrets = Secrets(values)
        request = _request(settings, _resolved(authored, call, values), call.key)
        log = _Log(call, secrets)
        log.sent(request)
        try:
            response = send_following(request, call.outside.http.send, secrets.within)
        except errors.StepError as error:  # a server can put what it was sent into any of its errors
            raise type(error)(secrets.text(str(error))) from None
        log.answered(response)
        body: JsonValue = secrets.value(read(response))
        if response.status >= _FAILURE and response.status not in settings.accepted_statuses:
            raise errors.HttpStatusError(response.status, body)
        return body


def _secret(name: str, call: StepCall) -> str:
    value = call.outside.secrets.value(name)
    if len(value) < SHORTEST_SECRET:
        raise errors.StepInputError(
            f"the secret {name} has fewer than {SHORTEST_SECRET} characters, too few to hide it"
        )
    return value


def _resolved(authored: JsonObject, call: StepCall, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    return resolve(authored, WithSecrets(call.values, values))


def _request(settings: HttpRequestSettings, given: Mapping[str, Any], key: str) -> HttpRequest:
    headers = _pairs(given["headers"])
    refuse_unsafe_headers(headers)
    body = None
    if settings.method in _WITH_BODY and given.get("body") not in (None, ""):
        body, headers = encoded(given["body"], headers)
    if settings.method != "GET" and header(headers, "idempotency-key") is None:
        headers = (*headers, ("Idempotency-Key", key))
    url = with_query(settings.url, _pairs(given["query"]))
    return HttpRequest(settings.method, url, headers, body, settings.timeout_seconds)


def _pairs(fields: Mapping[str, Any]) -> Headers:
    """Write the values as text; null and what resolved to nothing is left out."""
    return tuple((name, written(value)) for name, value in fields.items() if value is not None)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what has no variables."""
    return {
        name: value for name, value in fields.items() if OPENING not in name and OPENING not in written(value)
    }


class _Log:
    """What the step's log tells of the exchange, without credentials."""

    def __init__(self, call: StepCall, secrets: Secrets) -> None:
        self._log = call.log
        self._secrets = secrets

    def sent(self, request: HttpRequest) -> None:
        content_type = header(request.headers, "content-type")
        self._tell(
            {
                "type": "HTTP_REQUEST",
                "method": request.method,
                "url": shown_url(request.url),
                "requestHeaders": shown_headers(request.headers),
                "requestBody": shown_body(request.body, content_type),
            }
        )

    def answered(self, response: HttpResponse) -> None:
        """Add what came back, but for the body: that is the step's result or error."""
        self._tell(
            {
                "status": response.status,
                "statusText": response.reason,
                "responseHeaders": shown_headers(response.headers),
                "responseBytes": len(response.body),
                "redirects": response.redirects,
                "durationMs": round(response.seconds * 1000),
            }
        )

    def _tell(self, details: JsonObject) -> None:
        self._log.details = {**self._log.details, **self._secrets.value(details)}
