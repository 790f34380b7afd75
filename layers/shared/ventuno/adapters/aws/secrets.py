"""SecretStore on Secrets Manager, one secret per name below the stage's prefix.

A value that was read is kept for a minute, so that a loop does not pay a request per iteration.
A deleted secret stays recoverable for a week; storing one of that name again brings it back.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors
from ventuno.outside import SecretEntry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import SecretListEntryTypeDef

    from ventuno.ports import Clock

KEPT: Final = timedelta(minutes=1)
RECOVERABLE_DAYS: Final = 7
_MISSING: Final = "ResourceNotFoundException"
_EXISTS: Final = "ResourceExistsException"
_BEING_DELETED: Final = "InvalidRequestException"


class SecretsManagerStore:
    """The secrets of one stage. The client is made on first use: most calls need no secret."""

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
        try:
            value = self._client_of().get_secret_value(SecretId=self._id(name)).get("SecretString", "")
        except ClientError as error:
            if _code(error) in (_MISSING, _BEING_DELETED):
                raise errors.SecretMissingError(
                    f"there is no secret {name}: `ventuno secrets set {name}` stores it"
                ) from error
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        self._kept[name] = (self._clock.now() + KEPT, value)
        return value

    def all(self) -> list[SecretEntry]:
        """List the secrets by name. Raises: StoreUnavailableError"""
        try:
            pages = (
                self._client_of()
                .get_paginator("list_secrets")
                .paginate(Filters=[{"Key": "name", "Values": [self._prefix]}])
            )
            found = [entry for page in pages for entry in page["SecretList"]]
        except (ClientError, BotoCoreError) as error:
            raise _unavailable(error) from error
        ours = [entry for entry in found if entry["Name"].startswith(self._prefix)]
        return sorted((self._entry(entry) for entry in ours), key=lambda entry: entry.name)

    def create(self, name: str, value: str) -> None:
        """Store a new secret. Raises: ConflictError, StoreUnavailableError"""
        try:
            self._client_of().create_secret(
                Name=self._id(name), SecretString=value, Tags=[{"Key": "app", "Value": "ventuno"}]
            )
        except ClientError as error:
            if _code(error) not in (_EXISTS, _BEING_DELETED):
                raise _unavailable(error) from error
            self._revive(name, value)
        except BotoCoreError as error:
            raise _unavailable(error) from error

    def replace(self, name: str, value: str) -> None:
        """Give a secret another value. Raises: NotFoundError, StoreUnavailableError"""
        try:
            self._client_of().put_secret_value(SecretId=self._id(name), SecretString=value)
        except ClientError as error:
            if _code(error) in (_MISSING, _BEING_DELETED):
                raise errors.NotFoundError(
                    f"there is no secret {name}: `ventuno secrets set {name}` stores one"
                ) from error
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        self._kept.pop(name, None)

    def delete(self, name: str) -> bool:
        """Delete a secret; False when there was none. Raises: StoreUnavailableError"""
        self._kept.pop(name, None)
        try:
            self._client_of().delete_secret(SecretId=self._id(name), RecoveryWindowInDays=RECOVERABLE_DAYS)
        except ClientError as error:
            if _code(error) in (_MISSING, _BEING_DELETED):
                return False
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        return True

    def _revive(self, name: str, value: str) -> None:
        """Take a secret back that is being deleted, and give it its new value."""
        client = self._client_of()
        try:
            if "DeletedDate" not in client.describe_secret(SecretId=self._id(name)):
                raise errors.ConflictError(
                    f"there is a secret {name} already: `ventuno secrets rotate {name}` changes it"
                )
            client.restore_secret(SecretId=self._id(name))
        except (ClientError, BotoCoreError) as error:
            raise _unavailable(error) from error
        self.replace(name, value)

    def _id(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _entry(self, entry: SecretListEntryTypeDef) -> SecretEntry:
        created = entry["CreatedDate"]
        changed = entry.get("LastChangedDate", created)
        return SecretEntry(entry["Name"].removeprefix(self._prefix), _iso(created), _iso(changed))


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unavailable(error: Exception) -> errors.StoreUnavailableError:
    return errors.StoreUnavailableError(f"the store of secrets refused: {error}")
