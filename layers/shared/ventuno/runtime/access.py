"""API keys: create, list, revoke, and find who calls. Source: decisions, Access"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.access.model import TOKEN_PREFIX, ApiKey, Role, hash_token
from ventuno.runtime.services import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.runtime.services import Services


def create_key(name: str, role: Role, services: Services) -> tuple[ApiKey, str]:
    """Make a key; the token is returned this once and stored nowhere."""
    token = f"{TOKEN_PREFIX}{services.ids.new_secret()}"
    key = ApiKey(services.ids.new_id(), name, role, hash_token(token), instant(services.clock))
    services.workflows.add_key(key)
    return key, token


def require_role(headers: Mapping[str, str], needed: Role, services: Services) -> ApiKey:
    """Find the caller's key and check its role; header names are lower case.

    Raises: UnauthorizedError, ForbiddenError
    """
    token = _token(headers)
    key = services.workflows.key_by_hash(hash_token(token)) if token else None
    if key is None:
        raise errors.UnauthorizedError(
            "send a valid API key as `Authorization: Bearer <key>` or `X-Api-Key: <key>`"
        )
    if not key.role.includes(needed):
        raise errors.ForbiddenError(f'the key "{key.name}" has the role {key.role}; this needs {needed}')
    return key


def _token(headers: Mapping[str, str]) -> str | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" and bearer.strip() else headers.get("x-api-key")
