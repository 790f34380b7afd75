"""Pack a value for a Lambda call, whose JSON may have 6 MB: large values are compressed.

JSON text of 5 MiB fits whatever it holds: no text costs more than 6.6 bits a character once it is compressed,
and base64 adds a third.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue

_PLAIN_CHARACTERS: Final = 200_000
_LARGEST: Final = 64 * 1024 * 1024  # a packed value that is larger is none of ours


def packed(value: JsonValue) -> JsonObject:
    """Return {"value": …} or, compressed, {"packed": base64}."""
    text = json.dumps(value)
    if len(text) <= _PLAIN_CHARACTERS:
        return {"value": value}
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return {"packed": b64encode(zlib.compress(body, 1)).decode()}


def unpacked(envelope: JsonObject) -> Any:  # noqa: ANN401 - any JSON
    """Return the value. Raises: ValueError"""
    if "value" in envelope:
        return envelope["value"]
    packer = zlib.decompressobj()
    body = packer.decompress(b64decode(str(envelope["packed"])), _LARGEST)
    if packer.unconsumed_tail:
        raise ValueError("the packed value is too large")
    return json.loads(body.decode("utf-8", "surrogatepass"))
