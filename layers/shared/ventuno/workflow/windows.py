"""Counting in a window of time that moves on with the clock, sixtieths of it at a time.

What was counted in the slot of now and in the 60 before it counts, which together are longer than the window.
So no stretch of time as long as the window has more than `most`, wherever it begins; the price is that
something counts for up to a sixtieth longer than it would have to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SLOTS: Final = 60
_JUST_AFTER: Final = 0.001
"""Seconds, for instants that are kept in microseconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """What an owner may have counted `most` times in any `seconds`."""

    owner: str
    seconds: int
    most: int

    def slot(self, now: datetime) -> int:
        """Number the slot of an instant."""
        return int(now.timestamp() * SLOTS // self.seconds)

    def live(self, counts: Mapping[int, int], slot: int) -> dict[int, int]:
        """Leave out what counts no more in a slot; `counts` are by slot."""
        return {one: count for one, count in counts.items() if one >= slot - SLOTS}

    def full(self, counts: Mapping[int, int]) -> bool:
        """Tell whether there is no room beside what counts."""
        return sum(counts.values()) >= self.most

    def seconds_to_room(self, counts: Mapping[int, int], now: datetime) -> float:
        """Tell how long a full window is full, if nothing else is counted: until enough is too old."""
        too_many = sum(counts.values()) - self.most + 1
        for slot in sorted(counts):
            too_many -= counts[slot]
            if too_many <= 0:
                ends = (slot + SLOTS + 1) * self.seconds / SLOTS
                return max(ends - now.timestamp(), 0) + _JUST_AFTER
        return float(self.seconds)


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of counting one more.

    `slot` is the one it was counted in, which `give_back` needs, or None where there was no room; then there
    may be in `seconds`.
    """

    slot: int | None
    seconds: float = 0.0

    @property
    def counted(self) -> bool:
        """Whether there was room."""
        return self.slot is not None
