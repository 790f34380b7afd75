"""What a fix is: one difference between MiniStack and AWS, and the call that removes it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fix:
    """One difference. `problem` is what MiniStack does, `aws` what the service does, `source` its page."""

    name: str
    problem: str
    aws: str
    source: str
    apply: Callable[[], None]


class ChangedUpstreamError(RuntimeError):
    """MiniStack does not look as the fix expects; the version pin was moved without looking at the fix."""


def expect(*, holds: bool, what: str) -> None:
    """Refuse to patch code that differs from what the fix was written for. Raises: ChangedUpstreamError."""
    if not holds:
        raise ChangedUpstreamError(f"MiniStack no longer matches the fix: {what}. Check the fix against it.")
