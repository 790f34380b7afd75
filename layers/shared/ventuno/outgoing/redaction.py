"""What a step log may show of an exchange: credentials by their usual names, and secrets by their value.

Source: reference §3.15
"""

from __future__ import annotations

import re
from base64 import b64encode
from contextlib import suppress
from json import dumps, loads
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

from ventuno.outgoing.exchange import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.json_value import JsonValue

REDACTED: Final = "[redacted]"
SHORTEST_SECRET: Final = 8
"""Characters of a secret; a shorter one could not be taken out of texts without other things."""
BODY_BYTES: Final = 32_000
"""How much of a body a log keeps."""

_HEADERS: Final = frozenset(
    {
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token"),
        *("x-csrf-token", "x-amz-security-token", "x-goog-api-key", "api-key"),
    }
)
_PARAMETERS: Final = frozenset(
    {
        *("api_key", "apikey", "api-key", "token", "access_token", "refresh_token", "id_token", "auth"),
        *("auth_token", "authentication", "secret", "client_secret", "private_key", "key", "sig"),
        *("signature", "password", "passwd", "pwd"),
    }
)
_KEYS: Final = re.compile(
    r"password|passwd|pwd|.*token|.*secret|authorization|(?:api|private|access)[_-]?key|x-api-key|x-auth-token",
    re.IGNORECASE | re.DOTALL,
)


def is_sensitive_header(name: str) -> bool:
    """Whether a header carries credentials by its name."""
    return name.lower() in _HEADERS


def shown_headers(headers: Iterable[tuple[str, str]]) -> dict[str, JsonValue]:
    """Return headers for a log."""
    return {name: REDACTED if is_sensitive_header(name) else value for name, value in headers}


def shown_url(url: str) -> str:
    """Return a URL for a log, the values of telling parameters replaced."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_shown_pairs(parts.query)))


def shown_body(body: bytes | None, content_type: str | None) -> str | None:
    """Return a body for a log: the values of telling keys replaced, and cut."""
    if body is None:
        return None
    text = body.decode("utf-8", "replace")
    if media_type(content_type) == "application/x-www-form-urlencoded":
        text = _shown_pairs(text)
    with suppress(ValueError, RecursionError):
        text = dumps(_shown(loads(text)), ensure_ascii=False)
    kept = text.encode("utf-8", "replace")[:BODY_BYTES].decode("utf-8", "ignore")
    return kept if len(kept) == len(text) else f"{kept}…"


def _shown_pairs(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return "&".join(
        f"{name}={REDACTED}" if equals and name.lower() in _PARAMETERS else f"{name}{equals}{value}"
        for name, equals, value in pairs
    )


def _shown(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: REDACTED if _KEYS.fullmatch(key) else _shown(member) for key, member in value.items()}
    return [_shown(member) for member in value] if isinstance(value, list) else value


class Secrets:
    """The secrets that one step uses, and a way to take them out of everything that step leaves behind.

    Each is looked for as it is and as JSON, URLs, forms and base64 write it.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        forms = {form for value in values.values() for form in _forms(value)}
        ordered = sorted(forms, key=len, reverse=True)  # a longer one may hold a shorter one
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def within(self, text: str | bytes) -> bool:
        """Whether a text holds a secret."""
        if self._pattern is None:
            return False
        told = text if isinstance(text, str) else text.decode("utf-8", "replace")
        return self._pattern.search(told) is not None

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return self._pattern.sub(REDACTED, text) if self._pattern else text

    def value(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return a value without secrets, in its keys, texts and numbers."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(member) for member in value]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return REDACTED if is_number and self.within(str(value)) else value


def _forms(value: str) -> set[str]:
    escaped = dumps(value)[1:-1]
    plain = dumps(value, ensure_ascii=False)[1:-1]
    in_base64 = b64encode(value.encode()).decode().rstrip("=")
    return {value, escaped, plain, quote(value, safe=""), quote(value), quote_plus(value), in_base64}
