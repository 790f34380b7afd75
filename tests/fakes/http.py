"""FakeHttp: answers in order, and remembers what was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ventuno.outgoing.exchange import HttpResponse

if TYPE_CHECKING:
    from ventuno.outgoing.exchange import HttpRequest


def answer(
    body: Any = "",  # noqa: ANN401 - any JSON, or text as it is
    status: int = 200,
    content_type: str = "application/json",
    **headers: str,
) -> HttpResponse:
    """Make an answer that took a tenth of a second; `location="…"` adds that header."""
    content = (
        body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    )
    named = (("Content-Type", content_type), *headers.items())
    return HttpResponse(status, "", named, content, "", 0.1)


@dataclass
class FakeHttp:
    """A server for every address; with no answer left it answers {}."""

    answers: list[HttpResponse | Exception] = field(default_factory=list)
    sent: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.sent.append(request)
        given = self.answers.pop(0) if self.answers else answer({})
        if isinstance(given, Exception):
            raise given
        return HttpResponse(given.status, given.reason, given.headers, given.body, request.url, given.seconds)
