"""FakeSecrets: the SecretValues port over a dictionary."""

from __future__ import annotations

from ventuno import errors


class FakeSecrets:
    """Secrets by name."""

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}

    def value(self, name: str) -> str:
        """Return a secret. Raises: SecretMissingError"""
        if name not in self.by_name:
            raise errors.SecretMissingError(f"there is no secret {name}")
        return self.by_name[name]
