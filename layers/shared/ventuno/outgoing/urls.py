"""URLs of outgoing requests: taken apart once, by one parser; what it read is what is connected to.

http and https only, no credentials, no characters that a URL may not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urljoin, urlsplit

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 16_384
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
# What stands in a URL as it is; everything else, other alphabets above all, is percent-encoded.
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"
_HOST: Final = re.compile(r"[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `host` is in ASCII, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be equal for two URLs to be of the same owner."""
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """Return the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Take a URL apart. Raises: StepInputError"""
    if len(url) > _LONGEST:
        raise errors.StepInputError(f"the url has {len(url)} characters, {_LONGEST} are allowed")
    if _FORBIDDEN.search(url):
        raise errors.StepInputError("the url holds a space, a backslash or a control character; encode it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise errors.StepInputError(f"the url cannot be read: {error}") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise errors.StepInputError("the url must begin with http:// or https://")
    if "@" in parts.netloc:
        raise errors.StepInputError("the url holds credentials before an @; put them into a header")
    if port == 0:
        raise errors.StepInputError("the url has the port 0, which nobody answers on")
    path = quote(parts.path or "/", safe=_KEPT) + (
        f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    )
    return Target(scheme, _host(parts.hostname), port or _PORTS[scheme], path)


def _host(host: str | None) -> str:
    try:
        text = (host or "").encode("idna").decode() if host and ":" not in host else host or ""
    except UnicodeError as error:
        raise errors.StepInputError("the url's host is no valid name") from error
    if not _HOST.fullmatch(f"[{text}]" if ":" in text else text):
        raise errors.StepInputError("the url has no valid host")
    return text


def joined(base: str, location: str) -> str:
    """Resolve the Location of a redirect."""
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise errors.HttpTransportError(f"the server redirected to a broken address: {error}") from error


def with_query(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Add parameters to a URL, encoded, before its fragment."""
    added = urlencode(list(pairs))
    if not added:
        return url
    front, _, _ = url.partition("#")
    return f"{front}{'&' if '?' in front else '?'}{added}"
