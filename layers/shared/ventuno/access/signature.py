"""Standard Webhooks signatures: who sent a message, and that it is fresh and unchanged.

A message is signed as `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA256. While a secret is changed,
the receiver holds several and the sender may sign with several: one pair that fits is enough.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

TOLERANCE_SECONDS: Final = 300
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - it marks a leaked secret for scanners, it is none
_VERSION: Final = "v1"
_MOST_SIGNATURES: Final = 20


class SignatureError(ValueError):
    """A message cannot be trusted; the message says why without telling what would be right."""


class SigningSecretError(ValueError):
    """What is kept as a signing secret is none."""


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """What came: the three headers as they were sent, and the body, byte for byte."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


def verify(message: SignedMessage, secrets: Sequence[bytes], now: datetime) -> None:
    """Accept a message that one of the secrets signed within the last five minutes.

    Raises: SignatureError
    """
    if not message.id or not message.signatures:
        raise SignatureError("send webhook-id, webhook-timestamp and webhook-signature")
    sent_at = message.timestamp
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= len("9999999999")):
        raise SignatureError("webhook-timestamp must be whole seconds since 1970")
    if abs(now.timestamp() - int(sent_at)) > TOLERANCE_SECONDS:
        raise SignatureError("webhook-timestamp is more than five minutes away; sign the message again")
    given = message.signatures.split()[:_MOST_SIGNATURES]
    fits = [
        hmac.compare_digest(sign(message, secret).encode(), _bytes(signature))
        for secret in secrets
        for signature in given
    ]
    if not any(fits):
        raise SignatureError(
            "no signature fits; sign <webhook-id>.<webhook-timestamp>.<body> with the secret"
        )


def sign(message: SignedMessage, secret: bytes) -> str:
    """Write the signature of a message: `v1,<base64>`."""
    content = _bytes(f"{message.id}.{message.timestamp}.") + message.body
    digest = hmac.new(secret, content, hashlib.sha256).digest()
    return f"{_VERSION},{base64.b64encode(digest).decode()}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # headers may hold anything; it must only not fit


def read_secrets(text: str) -> tuple[bytes, ...]:
    """Read one secret, or several with spaces between them while they are changed: `whsec_<base64>`.

    Raises: SigningSecretError
    """
    read = tuple(_read(word) for word in text.split())
    if not read:
        raise SigningSecretError("there is no signing secret; store `whsec_<base64>`")
    return read


def _read(word: str) -> bytes:
    try:
        secret = base64.b64decode(word.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError as error:
        raise SigningSecretError(
            "a signing secret is `whsec_` and base64, with spaces between several"
        ) from error
    if not secret:
        raise SigningSecretError("a signing secret is empty")
    return secret
