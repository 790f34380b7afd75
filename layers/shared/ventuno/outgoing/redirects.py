"""Follow redirects: every hop is checked anew, and what is secret stays with the server it was meant for.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.4
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.outgoing.exchange import without
from ventuno.outgoing.redaction import is_sensitive_header
from ventuno.outgoing.urls import joined, target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.outgoing.exchange import HttpRequest, HttpResponse

MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_AS_GET: Final = {301: ("POST",), 302: ("POST",), 303: ("POST", "PUT", "PATCH", "DELETE")}
_OF_THE_BODY: Final = ("content-type", "content-length", "content-encoding", "content-language")


def send_following(
    request: HttpRequest,
    send: Callable[[HttpRequest], HttpResponse],
    has_secret: Callable[[str | bytes], bool] = lambda _: False,
) -> HttpResponse:
    """Send a request and follow its redirects within its time; `has_secret` tells what may not travel on.

    Raises: StepInputError (an address that may not be called), HttpTransportError and its kinds
    """
    left = request.timeout_seconds
    taken = 0.0
    for redirects in range(MAX_REDIRECTS + 1):
        response = send(replace(request, timeout_seconds=left))
        taken += response.seconds
        left -= response.seconds
        location = response.header("location")
        if response.status not in _REDIRECTS or location is None:
            return replace(response, seconds=taken, redirects=redirects)
        if left <= 0:
            raise errors.HttpTimeoutError(f"no answer within {request.timeout_seconds:g} s")
        request = _next(request, response, location, has_secret)
    raise errors.HttpTransportError(f"the server redirected more than {MAX_REDIRECTS} times")


def _next(
    request: HttpRequest,
    response: HttpResponse,
    location: str,
    has_secret: Callable[[str | bytes], bool],
) -> HttpRequest:
    url = joined(response.url, location)
    elsewhere = target_of(url).origin != target_of(request.url).origin
    if request.method in _AS_GET.get(response.status, ()):
        headers = without(request.headers, _OF_THE_BODY)
        request = replace(request, method="GET", body=None, headers=headers)
    if elsewhere:
        request = replace(request, headers=_without_secrets(request, has_secret))
        if request.body is not None and has_secret(request.body):
            raise errors.HttpTransportError(
                "the server redirected to another server, and the body holds a secret; call that one directly"
            )
    return replace(request, url=url)


def _without_secrets(
    request: HttpRequest, has_secret: Callable[[str | bytes], bool]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value)
        for name, value in request.headers
        if not is_sensitive_header(name) and not has_secret(value)
    )
