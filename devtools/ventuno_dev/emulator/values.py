"""Names for values whose type MiniStack does not declare."""

from typing import Any

Json = Any  # JSON, or an object of MiniStack's untyped modules
