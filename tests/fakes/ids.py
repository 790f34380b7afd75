"""FakeIds: the Ids port with ids that count up.

The count is the process's, because caches of versions are too: no two tests may share a workflow id.
"""

from __future__ import annotations

import uuid
from itertools import count

_COUNT = count(1)


class FakeIds:
    """Ids in the form of UUIDs and secrets in the form of text, all different."""

    def new_id(self) -> str:
        """Return the next id."""
        return str(uuid.UUID(int=next(_COUNT), version=4))

    def new_secret(self) -> str:
        """Return the next secret."""
        return f"secret-{next(_COUNT)}"
