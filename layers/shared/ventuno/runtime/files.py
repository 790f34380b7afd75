"""Files: store bytes that FILES fields and e-mails name by id. Files are never changed."""

from __future__ import annotations

import base64
import binascii
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.mail.headers import header_fault
from ventuno.mail.sending import MOST_BYTES

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services

_LONGEST_NAME: Final = 255


def store_file(name: str, content: bytes, services: Services) -> JsonObject:
    """Store a file and return what a FILES field takes.

    Item:   {fileId, label, extension}
    Raises: BadRequestError, PayloadTooLargeError, StoreUnavailableError
    """
    if not name.strip() or len(name) > _LONGEST_NAME or header_fault(name) or "/" in name:
        raise errors.BadRequestError(
            f"a file's name has 1 to {_LONGEST_NAME} characters on one line, without /"
        )
    if len(content) > MOST_BYTES:
        raise errors.PayloadTooLargeError(f"the file has {len(content)} bytes, {MOST_BYTES} are allowed")
    file_id = services.ids.new_id()
    services.payloads.put(f"files/{file_id}", content)
    return {"fileId": file_id, "label": name, "extension": PurePath(name).suffix.lstrip(".")}


def decoded(text: str) -> bytes:
    """Read base64. Raises: BadRequestError"""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.BadRequestError(f"base64 cannot be read: {error}") from error
