"""Compose a letter of what a step's settings resolved to: body, files, and the thread it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from ventuno import errors
from ventuno.mail.attachments import MOST_LINKED
from ventuno.mail.headers import checked_header
from ventuno.mail.letter import AttachedFile, Letter
from ventuno.mail.plain_text import plain_text
from ventuno.mail.rich_text import body_html
from ventuno.mail.sanitising import sanitised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonValue
    from ventuno.mail.recipients import Recipients

MOST_FILES: Final = 50
_EXTENSION: Final = re.compile(r"[A-Za-z0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Written:
    """What an author wrote: all resolved but the body."""

    recipients: Recipients
    subject: str
    body: str
    is_html: bool = False
    files: tuple[AttachedFile, ...] = ()
    thread: tuple[str, ...] = ()


def composed(written: Written, values: Mapping[str, JsonValue]) -> Letter:
    """Write the letter. Raises: StepInputError"""
    html = sanitised(_whole(body_html(written.body, values, is_html=written.is_html)))
    subject = checked_header("subject", written.subject)
    return Letter(written.recipients, subject, html, plain_text(html), written.files, written.thread)


def _whole(text: str) -> str:
    """Return a text that can be encoded: halves of characters, which JSON can hold, become question marks."""
    return text.encode("utf-8", "replace").decode()


def attached_files(given: Any) -> tuple[AttachedFile, ...]:  # noqa: ANN401 - what variables resolved to
    """Read the files of a step: objects, or lists of them where a variable named a FILES field.

    What resolved to nothing is left out. Raises: StepInputError
    Source: reference §3.8
    """
    files = tuple(_file(entry) for entry in _flat(given))
    if len(files) > MOST_FILES:
        raise errors.StepInputError(f"the message has {len(files)} files, {MOST_FILES} are allowed")
    alone = tuple({file.key: file for file in files}.values())
    linked = sum(file.linked for file in alone)
    if linked > MOST_LINKED:
        raise errors.StepInputError(f"{linked} files are read from addresses, {MOST_LINKED} are allowed")
    return alone


def _flat(given: Any) -> list[Any]:  # noqa: ANN401 - as above
    if given is None or given == "":
        return []
    entries = given if isinstance(given, list) else [given]
    return [one for entry in entries for one in (_flat(entry) if isinstance(entry, list) else [entry]) if one]


def _file(entry: Any) -> AttachedFile:  # noqa: ANN401 - as above
    fields = entry if isinstance(entry, dict) else {}
    file_id, url = fields.get("fileId") or fields.get("id"), fields.get("url")
    key = file_id or url
    name = fields.get("name") or fields.get("label") or (file_id or _name_in(url))
    if not isinstance(key, str) or not isinstance(name, str):
        raise errors.StepInputError(
            "a file to attach has an id or an address: {id, name}, or {fileId, label} or {url, label} of a "
            "FILES field"
        )
    extension = fields.get("extension")
    if isinstance(extension, str) and _EXTENSION.fullmatch(extension.lstrip(".")) and "." not in name:
        name = f"{name}.{extension.lstrip('.')}"
    plain = checked_header("name of a file", name.replace("/", "_"))
    return AttachedFile(key, plain, linked=True) if not file_id else AttachedFile(key.lower(), plain)


def _name_in(url: Any) -> str:  # noqa: ANN401 - as above
    """Return the last part of an address, which most often is a name. Raises: StepInputError"""
    try:
        path = urlsplit(str(url)).path
    except ValueError as error:
        raise errors.StepInputError(f"the address of a file cannot be read: {error}") from error
    return unquote(path).rpartition("/")[2] or "file"
