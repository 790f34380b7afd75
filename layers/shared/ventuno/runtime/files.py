"""Files: bytes that FILES fields and e-mails name by id. Files are never changed, only deleted.

A file is two objects of the bucket, its name and its bytes; it exists while there are bytes.
Item: files/<id> the bytes, files/<id>/about {name}
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.mail.attachments import FILE_ID, MOST_BYTES, file_key
from ventuno.mail.headers import header_fault

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services

_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class File:
    """A stored file."""

    name: str
    content: bytes


def store_file(name: str, content: bytes, services: Services) -> JsonObject:
    """Store a file and return what a FILES field takes.

    Item:   {fileId, label, extension}
    Raises: BadRequestError, PayloadTooLargeError, StoreUnavailableError
    """
    if not name.strip(". ") or len(name) > _LONGEST_NAME or header_fault(name) or set("/\\") & set(name):
        raise errors.BadRequestError(
            f"a file's name has 1 to {_LONGEST_NAME} characters on one line, without / and \\"
        )
    if len(content) > MOST_BYTES:
        raise errors.PayloadTooLargeError(f"the file has {len(content)} bytes, {MOST_BYTES} are allowed")
    file_id = services.ids.new_id()
    services.payloads.put(_about_key(file_id), json.dumps({"name": name}).encode())
    services.payloads.put(file_key(file_id), content)
    return {"fileId": file_id, "label": name, "extension": PurePath(name).suffix.lstrip(".")}


def read_file(file_id: str, services: Services) -> File:
    """Read a file back. Raises: NotFoundError, StoreUnavailableError"""
    known = FILE_ID.fullmatch(file_id)
    content = services.payloads.get(file_key(file_id)) if known else None
    about = services.payloads.get(_about_key(file_id)) if known else None
    if content is None or about is None:
        raise _absent(file_id)
    return File(json.loads(about)["name"], content)


def remove_file(file_id: str, services: Services) -> None:
    """Delete a file; e-mails and fields that name it no longer find it.

    A deletion that was cut off is completed by repeating it.

    Raises: NotFoundError, StoreUnavailableError
    """
    try:
        read_file(file_id, services)
    except errors.NotFoundError:
        if FILE_ID.fullmatch(file_id):
            services.payloads.delete(_about_key(file_id))
        raise
    services.payloads.delete(file_key(file_id))
    services.payloads.delete(_about_key(file_id))


def decoded(text: str) -> bytes:
    """Read base64. Raises: BadRequestError"""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.BadRequestError(f"base64 cannot be read: {error}") from error


def _about_key(file_id: str) -> str:
    return f"{file_key(file_id)}/about"


def _absent(file_id: str) -> errors.NotFoundError:
    return errors.NotFoundError(f"there is no stored file {file_id[:60]!r}")
