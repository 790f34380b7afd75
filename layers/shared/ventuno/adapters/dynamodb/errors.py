"""What DynamoDB and the way to it can answer, translated once into the product's errors.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore import exceptions

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

# Codes of whole answers and of the reasons of a cancelled transaction, which are spelt without "Exception".
PASSING_CODES = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
_SETUP_CODES = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "ResourceNotFoundException",
        "UnrecognizedClientException",
    }
)


def code_of(exc: exceptions.ClientError) -> str:
    """Return the service's code of an error answer."""
    return str(exc.response.get("Error", {}).get("Code", ""))


def translated(exc: exceptions.ClientError | exceptions.BotoCoreError) -> errors.VentunoError:
    """Return the product's error for one of boto's; raise it `from` the original."""
    if isinstance(exc, exceptions.ClientError):
        return _answered(code_of(exc), f"DynamoDB {exc.operation_name}: {exc}")
    if isinstance(exc, exceptions.ConnectionError | exceptions.HTTPClientError):
        return errors.StoreUnavailableError(f"DynamoDB cannot be reached: {exc}")
    return errors.ConfigurationError(f"The DynamoDB client cannot be used: {exc}")


@contextmanager
def translating() -> Iterator[None]:
    """Translate every error of boto that the block lets out.

    Raises: StoreUnavailableError, ConfigurationError, TerminalStepError
    """
    try:
        yield
    except (exceptions.ClientError, exceptions.BotoCoreError) as exc:
        raise translated(exc) from exc


def _answered(code: str, message: str) -> errors.VentunoError:
    if code in PASSING_CODES or code.startswith("5"):
        return errors.StoreUnavailableError(message)
    if code in _SETUP_CODES:
        return errors.ConfigurationError(message)
    return errors.TerminalStepError(message)
