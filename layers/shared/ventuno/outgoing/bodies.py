"""Write the body of a request in the encoding that its Content-Type names, and read an answer's body.

Source: reference §3.15; decisions, Actions
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from ventuno import errors, strict_json
from ventuno.outgoing.exchange import header, media_type, parameter, without

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.outgoing.exchange import Headers, HttpResponse

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
PLAIN: Final = "text/plain"
JSON: Final = "application/json"
_TEXTUAL: Final = ("json", "xml", "javascript", "x-www-form-urlencoded", "yaml")


def encoded(body: JsonValue, headers: Headers) -> tuple[bytes, Headers]:
    """Return the body's bytes and the headers that go with them. Raises: StepInputError"""
    content_type = header(headers, "content-type")
    kind = media_type(content_type)
    if kind == MULTIPART:
        content, boundary = _multipart(_fields(body))
        named = ("Content-Type", f"{MULTIPART}; boundary={boundary}")
        return content, (*without(headers, ["content-type"]), named)
    if kind == FORM:
        text = body if isinstance(body, str) and not _is_object(body) else _form(_fields(body))
    elif kind == PLAIN:
        text = body if isinstance(body, str) else _lines(body)
    else:
        text = body if isinstance(body, str) else written(body)
    if content_type is None:
        headers = (*headers, ("Content-Type", JSON))
    return _bytes(text, parameter(content_type, "charset") or "utf-8"), headers


def written(value: JsonValue) -> str:
    """Write a value as text: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bytes(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except LookupError as error:
        raise errors.StepInputError(
            f'Content-Type names the charset "{charset}", which is unknown'
        ) from error
    except UnicodeEncodeError as error:
        raise errors.StepInputError(f"the body holds a character that {charset} does not have") from error


def _fields(body: JsonValue) -> dict[str, Any]:
    value = _parsed(body) if isinstance(body, str) else body
    if not isinstance(value, dict):
        raise errors.StepInputError("the body must be an object, or text that holds a JSON object")
    return value


def _is_object(text: str) -> bool:
    return isinstance(_parsed(text), dict)


def _parsed(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _form(fields: dict[str, Any]) -> str:
    return urlencode([(key, _joined(value)) for key, value in fields.items()])


def _joined(value: JsonValue) -> str:
    """Write one field of a form; the members of a list are joined by commas."""
    return ",".join(map(written, value)) if isinstance(value, list) else _field(value)


def _field(value: JsonValue) -> str:
    return "" if value is None else written(value)


def _lines(body: JsonValue) -> str:
    if not isinstance(body, dict):
        return _field(body)
    return "\n".join(f"{key}={_field(value)}" for key, value in body.items())


def _multipart(fields: dict[str, Any]) -> tuple[bytes, str]:
    """Write a form whose boundary is a digest of its content, which therefore cannot hold it.

    Source: https://www.rfc-editor.org/rfc/rfc7578
    """
    parts = [(_quoted(key), _field(value).encode("utf-8", "replace")) for key, value in fields.items()]
    boundary = hashlib.sha256(repr(parts).encode()).hexdigest()
    chunks = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in parts
    ]
    return b"".join(chunks) + f"--{boundary}--\r\n".encode(), boundary


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def read(response: HttpResponse) -> JsonValue:
    """Return an answer's body as a value: JSON where it is JSON, else text, else base64 with its type.

    Raises: HttpAnswerError for JSON that no store could hold
    """
    content_type = response.header("content-type")
    kind = media_type(content_type)
    text = _decoded(response.body, kind, parameter(content_type, "charset"))
    if text is None:
        return {"base64": b64encode(response.body).decode(), "contentType": kind or None}
    return _json_or_text(text) if not kind or "json" in kind or kind == PLAIN else text


def _decoded(body: bytes, kind: str, charset: str | None) -> str | None:
    """Return text; None for bytes that are none. What calls itself text is read whatever it holds."""
    called_text = kind.startswith("text/") or any(word in kind for word in _TEXTUAL)
    try:
        return body.decode(charset or "utf-8", "replace" if called_text else "strict")
    except LookupError:
        return body.decode("utf-8", "replace")
    except UnicodeDecodeError:
        return None


def _json_or_text(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except RecursionError as error:
        raise errors.HttpAnswerError("the answer is JSON that is nested too deeply to be used") from error
    except ValueError:
        return text
    try:
        strict_json.check(value)
    except ValueError as error:
        raise errors.HttpAnswerError(f"the answer is JSON that cannot be used: {error}") from error
    return value
