"""The claim check: small values stay in the item, large ones go to the payload bucket under a checksum."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runs.model import Inline, PayloadRef, Stored

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.ports import PayloadStore

INLINE_LIMIT_BYTES = 100 * 1024
INLINE_LOG_BYTES = 8 * 1024
"""A log is read by few and written with its step every time, so it leaves the item earlier than a result."""
VALUE_LIMIT_BYTES = 5 * 1024 * 1024


def to_text(value: JsonValue) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def check_in(
    value: JsonValue,
    key: str,
    payloads: PayloadStore,
    limit: int = VALUE_LIMIT_BYTES,
    inline: int = INLINE_LIMIT_BYTES,
) -> Stored:
    """Store a value, in place up to `inline` bytes, else in the bucket under `key` plus its checksum.

    Raises: StepInputError when the value is larger than `limit` bytes
    """
    text = to_text(value)
    body = text.encode()
    if len(body) <= inline:
        return Inline(text)
    if len(body) > limit:
        raise errors.StepInputError(f"the value has {len(body)} bytes, more than the {limit} allowed")
    digest = hashlib.sha256(body).hexdigest()
    ref = PayloadRef(f"{key}/{digest[:16]}.json", digest, len(body))
    payloads.put(ref.key, body)
    return ref


def check_out(stored: Stored, payloads: PayloadStore) -> JsonValue:
    """Read a stored value back.

    Raises: PayloadLostError when the bucket's copy is gone or altered
    """
    if isinstance(stored, Inline):
        value: JsonValue = json.loads(stored.text)
        return value
    body = payloads.get(stored.key)
    if body is None or hashlib.sha256(body).hexdigest() != stored.sha256:
        raise errors.PayloadLostError(f"the stored value {stored.key} is missing or altered")
    kept: JsonValue = json.loads(body)
    return kept
