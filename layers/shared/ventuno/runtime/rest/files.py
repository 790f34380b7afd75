"""Files over the API: store one, read it back, delete it.

What somebody stored is handed out as a download, never as a page of this address.
Source: https://www.rfc-editor.org/rfc/rfc6266 and …/rfc8187 (names of downloads)
"""

from __future__ import annotations

from mimetypes import guess_type
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ventuno import errors
from ventuno.runtime.files import decoded, read_file, remove_file, store_file
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

MOST_BYTES: Final = 4 * 1024 * 1024
"""What a function can answer with: 6 MB, of which base64 takes a third."""
BYTES: Final = "application/octet-stream"
_TEXT: Final[JsonObject] = {"type": "string"}
FILE: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"name": _TEXT, "base64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["name", "base64"],
}


def create_file(request: Request, services: Services) -> Answer:
    """Store a file: {name, base64}. Raises: StepError, ApiError"""
    body = request.fields()
    name, content = body.get("name"), body.get("base64")
    if not isinstance(name, str) or not isinstance(content, str) or set(body) - {"name", "base64"}:
        raise errors.BadRequestError("the body must have name and base64 as text, and nothing else")
    return Answer(201, {"data": {"createFile": store_file(name, decoded(content), services)}})


def show_file(request: Request, services: Services) -> Answer:
    """Hand a file out under its name. Raises: StepError, ApiError"""
    file = read_file(request.place["file"], services)
    if len(file.content) > MOST_BYTES:
        raise errors.PayloadTooLargeError(
            f"the file has {len(file.content)} bytes, the API hands out {MOST_BYTES}: "
            "`ventuno files get` reads it"
        )
    return Answer(200, file.content, type_of(file.name), _heads(file.name))


def delete_file(request: Request, services: Services) -> Answer:
    """Delete a file. Raises: StepError, ApiError"""
    remove_file(request.place["file"], services)
    return Answer(200, {"data": {"deleteFile": {"id": request.place["file"]}}})


def type_of(name: str) -> str:
    """Guess the type of a file from its name."""
    kind, packing = guess_type(name)
    return BYTES if kind is None or packing else kind


def _heads(name: str) -> dict[str, str]:
    plain = "".join(one if one.isascii() and one not in '"%\\' else "_" for one in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
