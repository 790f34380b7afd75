"""What one execution leaves behind: states entered, transitions, and history events.

They are counted as Step Functions counts them.
Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entered:
    """A state that was entered. Units: `at` is in virtual seconds.

    `iteration` holds the indexes of the Map iterations around the state, outermost first.
    """

    name: str
    type: str
    iteration: tuple[int, ...]
    at: float


@dataclass
class History:
    """The record of one execution, child executions of a Distributed Map apart."""

    entered: list[Entered] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    retries: int = 0

    @property
    def transitions(self) -> int:
        """Count the transitions that are paid for: states entered, and retries."""
        return len(self.entered) + self.retries

    def event(self, *types: str) -> None:
        """Count history events."""
        self.events.update(types)
