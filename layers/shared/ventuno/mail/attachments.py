"""Read the files of a message: stored ones by id, others from the public address that a FILES field names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.outgoing.exchange import HttpRequest
from ventuno.outgoing.redirects import send_following
from ventuno.outgoing.urls import target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.mail.letter import AttachedFile
    from ventuno.outside import Outside

MOST_BYTES: Final = 15 * 1024 * 1024
"""Of all files of a message together; encoded they take a third more, and many servers stop at 25 MB."""
MOST_LINKED: Final = 10
"""Files that are read from addresses, each of which may take as long as a request."""
FILE_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OK: Final = 200
_READ_SECONDS: Final = 30


def contents_of(files: Sequence[AttachedFile], outside: Outside) -> dict[str, bytes]:
    """Read files and return their bytes by `key`.

    Raises: StepInputError, HttpTransportError, HttpAnswerError, StoreUnavailableError
    """
    contents: dict[str, bytes] = {}
    for file in files:
        contents[file.key] = _linked(file, outside) if file.linked else file_content(file.key, outside)
        if sum(map(len, contents.values())) > MOST_BYTES:
            raise errors.StepInputError(f"the files have more than the {MOST_BYTES} bytes allowed together")
    return contents


def check_files(files: Sequence[AttachedFile], outside: Outside) -> None:
    """Refuse files that could never be attached; what addresses hold is read when the message is sent.

    Raises: StepInputError, StoreUnavailableError
    """
    for file in files:
        if file.linked:
            target_of(file.key)
        else:
            file_content(file.key, outside)


def file_key(file_id: str) -> str:
    """Return the key of a stored file's bytes."""
    return f"files/{file_id}"


def file_content(file_id: str, outside: Outside) -> bytes:
    """Read a stored file. Raises: StepInputError, StoreUnavailableError"""
    content = outside.files.get(file_key(file_id)) if FILE_ID.fullmatch(file_id) else None
    if content is None:
        raise errors.StepInputError(
            f"there is no stored file {file_id[:60]!r}: `ventuno files add` stores one"
        )
    return content


def _linked(file: AttachedFile, outside: Outside) -> bytes:
    """Read a file from its address, of which errors tell the host alone: the rest may be a secret."""
    request = HttpRequest("GET", file.key, timeout_seconds=_READ_SECONDS)
    response = send_following(request, outside.http.send)
    if response.status != _OK:
        host = target_of(file.key).authority
        raise errors.HttpAnswerError(
            f"the file {file.name!r} cannot be read: {host} answered with status {response.status}"
        )
    return response.body
