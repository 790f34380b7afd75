"""One request and its answer, as the port `HttpClient` takes and gives them.

Header names keep the case they were written in; whoever compares them lowers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers = tuple[tuple[str, str], ...]

MAX_BODY_BYTES: Final = 5 * 1024 * 1024
"""The largest answer that is read, after decompression."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent. `timeout_seconds` is for all of it, from the look-up of the name to the last byte."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None
    timeout_seconds: float = 30


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back; `url` is the address that answered, `redirects` how many were followed to get there."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    url: str
    seconds: float
    redirects: int = 0

    def header(self, name: str) -> str | None:
        """Return the first header of this lower-case name."""
        return header(self.headers, name)


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the first value of a header by its lower-case name."""
    return next((value for key, value in headers if key.lower() == name), None)


def without(headers: Iterable[tuple[str, str]], names: Iterable[str]) -> Headers:
    """Return the headers but those of these lower-case names."""
    dropped = frozenset(names)
    return tuple((key, value) for key, value in headers if key.lower() not in dropped)


def media_type(content_type: str | None) -> str:
    """Return `type/subtype` of a Content-Type in lower case, without parameters."""
    return (content_type or "").partition(";")[0].strip().lower()


def parameter(content_type: str | None, name: str) -> str | None:
    """Return a parameter of a Content-Type, such as its charset."""
    for part in (content_type or "").split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"') or None
    return None
