"""Who calls a webhook: anybody, the holder of an API key, or whoever signs with the shared secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.access.model import Role
from ventuno.access.signature import (
    SignatureError,
    SignedMessage,
    SigningSecretError,
    read_secrets,
    verify,
)
from ventuno.runtime.access import require_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.runtime.services import Services
    from ventuno.triggers.webhook import WebhookSettings


def admit(settings: WebhookSettings, headers: Mapping[str, str], body: bytes, services: Services) -> None:
    """Let a caller pass as the trigger's settings say; header names are lower case.

    Raises: UnauthorizedError, ForbiddenError, ConfigurationError, StoreUnavailableError
    """
    if settings.authentication == "API_KEY":
        require_role(headers, Role.RUNNER, services)
    elif settings.authentication == "SIGNATURE":
        _check_signature(settings.signing_secret or "", headers, body, services)


def _check_signature(secret_name: str, headers: Mapping[str, str], body: bytes, services: Services) -> None:
    message = SignedMessage(
        headers.get("webhook-id", ""),
        headers.get("webhook-timestamp", ""),
        headers.get("webhook-signature", ""),
        body,
    )
    try:
        secrets = read_secrets(services.outside.secrets.value(secret_name))
        verify(message, secrets, services.clock.now())
    except SignatureError as error:
        raise errors.UnauthorizedError(str(error)) from error
    except (SigningSecretError, errors.SecretMissingError) as error:
        raise errors.ConfigurationError(f"the signing secret {secret_name}: {error}") from error
