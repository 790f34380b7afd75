"""SecretValues on Secrets Manager, one secret per name below the stage's prefix.

A value that was read is kept for a minute, so that a busy webhook does not pay a request per call.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient

    from ventuno.ports import Clock

KEPT: Final = timedelta(minutes=1)
_MISSING: Final = ("ResourceNotFoundException", "InvalidRequestException")


class SecretsManagerValues:
    """The secrets of one stage. The client is made on first use: few calls need a secret."""

    def __init__(self, client: Callable[[], SecretsManagerClient], stage: str, clock: Clock) -> None:
        self._client_of = client
        self._prefix = f"ventuno/{stage}/secrets/"
        self._clock = clock
        self._kept: dict[str, tuple[datetime, str]] = {}

    def value(self, name: str) -> str:
        """Return a secret. Raises: SecretMissingError, StoreUnavailableError"""
        until, value = self._kept.get(name, (None, ""))
        if until is not None and self._clock.now() < until:
            return value
        value = self._read(name)
        self._kept[name] = (self._clock.now() + KEPT, value)
        return value

    def _read(self, name: str) -> str:
        try:
            return self._client_of().get_secret_value(SecretId=f"{self._prefix}{name}")["SecretString"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise errors.SecretMissingError(f"there is no secret {name}; store it first") from error
            raise errors.StoreUnavailableError(f"the store of secrets refused: {error}") from error
        except BotoCoreError as error:
            raise errors.StoreUnavailableError(f"the store of secrets refused: {error}") from error
