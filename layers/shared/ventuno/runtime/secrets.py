"""Secrets: store, list, rotate and delete them; no value ever comes back. Source: decisions, Actions"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.expressions import SECRET_NAME
from ventuno.outgoing.redaction import SHORTEST_SECRET

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.outside import SecretEntry
    from ventuno.runtime.services import Services

LONGEST: Final = 16_384


def secret_views(services: Services) -> list[JsonObject]:
    """List the secrets. Item: {name, createdAt, changedAt}"""
    return [_view(entry) for entry in services.outside.secrets.all()]


def store_secret(name: str, value: str, services: Services) -> None:
    """Store a new secret. Raises: BadRequestError, ConflictError"""
    if not SECRET_NAME.fullmatch(name):
        raise errors.BadRequestError(
            "a secret's name has letters, digits and _, at most 64, and begins with a letter"
        )
    services.outside.secrets.create(name, _checked(value))


def rotate_secret(name: str, value: str, services: Services) -> None:
    """Give a secret another value; steps use it within a minute. Raises: BadRequestError, NotFoundError"""
    services.outside.secrets.replace(_known(name), _checked(value))


def delete_secret(name: str, services: Services) -> None:
    """Delete a secret. Raises: NotFoundError"""
    if not services.outside.secrets.delete(_known(name)):
        raise errors.NotFoundError(_absent(name))


def _known(name: str) -> str:
    """Return a name that could be one; anything else names nothing and reaches no store."""
    if not SECRET_NAME.fullmatch(name):
        raise errors.NotFoundError(_absent(name[:64]))
    return name


def _absent(name: str) -> str:
    return f"there is no secret {name}: `ventuno secrets list` shows all"


def _checked(value: str) -> str:
    """Refuse values that could not be taken out of results without taking out other things too."""
    if not SHORTEST_SECRET <= len(value) <= LONGEST:
        raise errors.BadRequestError(
            f"a secret has {SHORTEST_SECRET} to {LONGEST} characters; "
            "a shorter one could not be kept out of results"
        )
    if value != value.strip():
        raise errors.BadRequestError("the secret has spaces or line breaks around it; leave them out")
    return value


def _view(entry: SecretEntry) -> JsonObject:
    return {"name": entry.name, "createdAt": entry.created_at, "changedAt": entry.changed_at}
