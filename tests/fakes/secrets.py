"""SecretStore in memory."""

from __future__ import annotations

from ventuno import errors
from ventuno.outside import SecretEntry

_EPOCH = "1970-01-01T00:00:00.000Z"


class MemorySecretStore:
    """Secrets in a dictionary; they have no dates."""

    def __init__(self, **values: str) -> None:
        self._values = values

    def value(self, name: str) -> str:
        """Return a secret. Raises: SecretMissingError"""
        if name not in self._values:
            raise errors.SecretMissingError(
                f"there is no secret {name}: `ventuno secrets set {name}` stores it"
            )
        return self._values[name]

    def all(self) -> list[SecretEntry]:
        """List the secrets by name."""
        return [SecretEntry(name, _EPOCH, _EPOCH) for name in sorted(self._values)]

    def create(self, name: str, value: str) -> None:
        """Store a new secret. Raises: ConflictError"""
        if name in self._values:
            raise errors.ConflictError(
                f"there is a secret {name} already: `ventuno secrets rotate {name}` gives it another value"
            )
        self._values[name] = value

    def replace(self, name: str, value: str) -> None:
        """Give a secret another value. Raises: NotFoundError"""
        if name not in self._values:
            raise errors.NotFoundError(f"there is no secret {name}: `ventuno secrets set {name}` stores one")
        self._values[name] = value

    def delete(self, name: str) -> bool:
        """Delete a secret; False when there was none."""
        return self._values.pop(name, None) is not None
