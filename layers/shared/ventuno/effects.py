"""Effect: what is noted of something that must not happen twice, such as a message that is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

KEPT_DAYS: Final = 457
"""As long as the row of a run that may wait for a year."""
COUNTER_DAYS: Final = 90


class EffectState(StrEnum):
    """How far an effect has come.

    BEGUN:  it may have happened; whoever noted so never said what became of it, or has not yet.
    DONE:   it has happened.
    UNSURE: somebody found it begun and has told people so.
    FREE:   it has not happened.
    """

    BEGUN = "BEGUN"
    DONE = "DONE"
    UNSURE = "UNSURE"
    FREE = "FREE"


@dataclass(frozen=True, slots=True)
class Effect:
    """`attempt` counts how often people asked for it; only they may let an unsure one happen again."""

    state: EffectState
    attempt: int
    result: JsonObject | None = None

    def keeps_from(self, attempt: int) -> bool:
        """Whether this keeps a try of that attempt from beginning."""
        if self.state is EffectState.UNSURE:
            return attempt <= self.attempt
        return self.state is not EffectState.FREE
