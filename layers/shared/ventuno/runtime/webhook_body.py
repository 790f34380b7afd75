"""The payload of a webhook call: its query string, or its body read by the type it says it has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ventuno import errors, strict_json

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue

MAX_FORM_FIELDS = 10_000
JSON, FORM, TEXT = "application/json", "application/x-www-form-urlencoded", "text/plain"


def query_payload(query: str) -> JsonObject:
    """Read a query string as a form is read. Raises: BadRequestError"""
    return _form(query)


def body_payload(body: bytes, content_type: str | None) -> JsonValue:
    """Read a body; an empty one is `{}`, one without a type is JSON.

    Raises: BadRequestError, UnsupportedMediaTypeError
    """
    if not body.strip():
        return {}
    media_type = (content_type or JSON).partition(";")[0].strip().lower()
    if media_type == FORM:
        return _form(_text(body))
    if media_type == TEXT:
        return {"text": _text(body)}
    if media_type == JSON or media_type.endswith("+json"):
        return _json(_text(body))
    raise errors.UnsupportedMediaTypeError(
        f'a body of type "{media_type[:100]}" is not read; send {JSON}, {FORM} or {TEXT}'
    )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadRequestError(
            f"the body is not UTF-8 text: {error.reason} at byte {error.start}"
        ) from error


def _form(text: str) -> JsonObject:
    """Read a form; a field that comes more than once becomes a list."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS)
    except ValueError as error:
        raise errors.BadRequestError(f"there are more than {MAX_FORM_FIELDS} fields") from error
    fields: dict[str, list[JsonValue]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _json(text: str) -> JsonValue:
    try:
        value = strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict | list):
        raise errors.BadRequestError("the JSON in the body must be an object or an array")
    return value
