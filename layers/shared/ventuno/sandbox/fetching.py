"""The `fetch` of scripts: one request on the guarded network, answered in JSON text whatever happens."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.outgoing.exchange import HttpRequest, header, media_type, parameter
from ventuno.outgoing.headers import refuse_unsafe_headers
from ventuno.outgoing.redirects import send_following

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.outgoing.exchange import HttpResponse

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_WITHOUT_EFFECT: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_SECONDS: Final = 300.0


def answer_to(
    asked: dict[str, Any], key: str, seconds: float, send: Callable[[HttpRequest], HttpResponse]
) -> str:
    """Make a request; the text is what `fetch` resolves to, or {"error": why it rejects}."""
    try:
        return json.dumps(_told(send_following(_request(asked, key, seconds), send)))
    except errors.StepError as error:
        return json.dumps({"error": f"fetch failed: {error}"})
    except (KeyError, TypeError, ValueError) as error:
        return json.dumps({"error": f"fetch failed: the request cannot be sent: {error}"})


def _request(asked: dict[str, Any], key: str, seconds: float) -> HttpRequest:
    method = asked["method"]
    if method not in METHODS:
        raise errors.StepInputError(
            f"{str(method)[:20]} is no method; use one of {', '.join(sorted(METHODS))}"
        )
    headers = tuple((str(name), str(value)) for name, value in asked["headers"])
    refuse_unsafe_headers(headers)
    if key and method not in _WITHOUT_EFFECT and header(headers, "idempotency-key") is None:
        headers = (*headers, ("Idempotency-Key", f"{key}{asked['id']}"))
    return HttpRequest(
        method, str(asked["url"]), headers, _body(asked), max(0.001, min(seconds, _LONGEST_SECONDS))
    )


def _body(asked: dict[str, Any]) -> bytes | None:
    if "base64" in asked:
        return b64decode(asked["base64"])
    return str(asked["body"]).encode() if "body" in asked else None


def _told(response: HttpResponse) -> dict[str, Any]:
    content_type = response.header("content-type")
    kind = media_type(content_type)
    told: dict[str, Any] = {
        "status": response.status,
        "statusText": response.reason,
        "url": response.url,
        "redirected": response.redirects > 0,
        "headers": [[name, value] for name, value in response.headers],
        "text": _text(response.body, parameter(content_type, "charset")),
    }
    is_text = kind.startswith("text/") or "json" in kind
    return told if is_text else {**told, "base64": b64encode(response.body).decode()}


def _text(body: bytes, charset: str | None) -> str:
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
