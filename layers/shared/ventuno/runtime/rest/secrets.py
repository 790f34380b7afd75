"""Secrets over the API; their values go in and never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.secrets import delete_secret, rotate_secret, secret_views, store_secret

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_TEXT: Final[JsonObject] = {"type": "string"}
SECRET: Final[JsonObject] = {
    "type": "object",
    "properties": {"name": _TEXT, "value": _TEXT},
    "required": ["name", "value"],
    "additionalProperties": False,
}
VALUE: Final[JsonObject] = {
    "type": "object",
    "properties": {"value": _TEXT},
    "required": ["value"],
    "additionalProperties": False,
}


def list_secrets(request: Request, services: Services) -> Answer:
    """List the names. Raises: StepError, ApiError"""
    del request
    return Answer(200, {"data": {"secrets": list(secret_views(services))}})


def create_secret(request: Request, services: Services) -> Answer:
    """Store a new secret: {name, value}. Raises: StepError, ApiError"""
    name, value = _texts(request, "name", "value")
    store_secret(name, value, services)
    return Answer(201, {"data": {"createSecret": {"name": name}}})


def replace_secret(request: Request, services: Services) -> Answer:
    """Give a secret another value: {value}. Raises: StepError, ApiError"""
    name = request.place["name"]
    (value,) = _texts(request, "value")
    rotate_secret(name, value, services)
    return Answer(200, {"data": {"rotateSecret": {"name": name}}})


def remove_secret(request: Request, services: Services) -> Answer:
    """Delete a secret. Raises: StepError, ApiError"""
    name = request.place["name"]
    delete_secret(name, services)
    return Answer(200, {"data": {"deleteSecret": {"name": name}}})


def _texts(request: Request, *keys: str) -> list[str]:
    body = request.fields()
    texts = [text for key in keys if isinstance(text := body.get(key), str)]
    if len(texts) != len(keys) or set(body) - set(keys):
        raise errors.BadRequestError(f"the body must have {' and '.join(keys)} as text, and nothing else")
    return texts
