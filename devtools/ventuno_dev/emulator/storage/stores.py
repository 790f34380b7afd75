"""Stores: what of a service is saved, and what has changed of it since the last time.

`changes` runs on the event loop between two requests, so it only collects; writing happens elsewhere.
What it hands out must not change later: copies, or values that MiniStack replaces instead of editing.
"""

import sys
from typing import Protocol

from ventuno_dev.emulator.storage.operations import Document, Operation, put
from ventuno_dev.emulator.storage.revive import revived
from ventuno_dev.emulator.values import Json


class Store(Protocol):
    """One service's share of the saved document."""

    def mark(self) -> None:
        """Note that anything of the service may have changed."""

    def changes(self) -> list[Operation]:
        """Give what differs from what was last given out."""

    def forget(self) -> None:
        """Forget what was given out, because it could not be saved."""

    def restored(self, document: Document) -> Json:
        """Take the service's share out of the document, in the form its module loads."""


class WholeStore:
    """A small service, saved as a whole whenever it was marked."""

    def __init__(self, name: str, module: str) -> None:
        self._name = name
        self._module = f"ministack.services.{module}"
        self._marked = False

    def mark(self) -> None:
        """Note that the service may have changed."""
        self._marked = True

    def changes(self) -> list[Operation]:
        """Give the whole state of the service, if it was marked and its module is loaded."""
        module = sys.modules.get(self._module)
        if not self._marked or module is None or not hasattr(module, "get_state"):
            return []
        state = module.get_state()
        self._marked = False
        return [] if state is None else [put((self._name,), state)]

    def forget(self) -> None:
        """Save it again next time."""
        self._marked = True

    def restored(self, document: Document) -> Json:
        """Give the service's state."""
        return revived(document.pop(self._name, None))
